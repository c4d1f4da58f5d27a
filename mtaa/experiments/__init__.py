"""Experiments: long, resumable work that answers one question with a record under results/ and a table made of it.

Free of torch at import: what runs an experiment is imported when it runs.
"""

# They register themselves.
from mtaa.experiments import (  # noqa: F401
    ablation,
    contest,
    faithfulness,
    figure2,
    figure6,
    figure7,
    growing,
    leftout,
    onelabel,
    openset,
    parts,
    reattack,
    speed,
    survival,
)
from mtaa.experiments.registry import EXPERIMENTS, Experiment, made, read

__all__ = ["EXPERIMENTS", "Experiment", "made", "read"]
