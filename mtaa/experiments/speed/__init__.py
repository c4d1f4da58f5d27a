"""Speed: what does a verdict cost, and is one network for three tasks cheaper than three?"""

from mtaa.experiments.registry import EXPERIMENTS, Experiment
from mtaa.experiments.speed.record import NAME, SpeedRecord, SpeedSettings

EXPERIMENTS.add(
    NAME,
    Experiment(SpeedSettings, SpeedRecord, __name__),
    title="Speed",
    description="what does a verdict cost, beside three single-task networks and the paper's MTAA?",
)
