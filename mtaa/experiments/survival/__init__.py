"""Survival: what is still read of a signature after an image was saved, resized, blurred. Modules are named by step."""

from mtaa.experiments.registry import EXPERIMENTS, Experiment
from mtaa.experiments.survival.record import NAME, SurvivalRecord, SurvivalSettings

EXPERIMENTS.add(
    NAME,
    Experiment(SurvivalSettings, SurvivalRecord, __name__),
    title="Survival",
    description="what is still read of a signature after the image was saved, resized, blurred?",
)
