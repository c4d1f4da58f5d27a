"""Left out: each attack in turn is kept from a network, and is it noticed then? Modules are named by step."""

from mtaa.experiments.leftout.record import NAME, LeftoutRecord, LeftoutSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

EXPERIMENTS.add(
    NAME,
    Experiment(LeftoutSettings, LeftoutRecord, __name__),
    title="Left out",
    description="is an attack noticed by a network that learnt all the others?",
)
