"""Faithfulness: is an example that a toolbox made attributed as well as our engine's? Its modules are named by step."""

from mtaa.experiments.faithfulness.record import NAME, FaithfulnessRecord, FaithfulnessSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

EXPERIMENTS.add(
    NAME,
    Experiment(FaithfulnessSettings, FaithfulnessRecord, __name__),
    title="Faithfulness",
    description="are examples made by other toolboxes attributed as well as our own?",
)
