"""Experiments: long, resumable work that answers one question with a record under results/ and a table made of it."""

from mtaa.experiments import faithfulness, survival  # noqa: F401  (registers the experiments)
from mtaa.experiments.registry import EXPERIMENTS, Experiment, read

__all__ = ["EXPERIMENTS", "Experiment", "read"]
