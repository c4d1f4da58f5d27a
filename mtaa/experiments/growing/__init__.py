"""Growing: how well a checkpoint learns an attack from few examples, and what it forgets. Modules are named by step."""

from mtaa.experiments.growing.record import NAME, GrowingRecord, GrowingSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

EXPERIMENTS.add(
    NAME,
    Experiment(GrowingSettings, GrowingRecord, __name__),
    title="Growing",
    description="how well is a new attack learnt from few examples, and what is forgotten for it?",
)
