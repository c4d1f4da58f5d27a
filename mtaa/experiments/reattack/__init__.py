"""Re-attack: how far a counter-check by running a verdict's claim again can be believed. Modules are named by step."""

from mtaa.experiments.reattack.record import NAME, ReattackRecord, ReattackSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

EXPERIMENTS.add(
    NAME,
    Experiment(ReattackSettings, ReattackRecord, __name__),
    title="Re-attack",
    description="does running the named attack on every source model again single out the right one?",
)
