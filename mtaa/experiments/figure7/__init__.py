"""Figure 7: which of the three tasks is learnt first? Modules are named by step."""

from mtaa.experiments.figure7.record import NAME, Figure7Record, Figure7Settings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

EXPERIMENTS.add(
    NAME,
    Experiment(Figure7Settings, Figure7Record, __name__),
    title="Figure 7",
    description="which of the three tasks is learnt first?",
)
