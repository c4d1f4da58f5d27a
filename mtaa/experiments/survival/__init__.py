"""Survival: what is still read of a signature after an image was saved, resized, blurred. Modules are named by step."""

from mtaa.experiments.registry import EXPERIMENTS, Experiment
from mtaa.experiments.survival.record import NAME, SurvivalRecord, SurvivalSettings
from mtaa.experiments.survival.run import run
from mtaa.experiments.survival.tables import text

EXPERIMENTS.add(
    NAME,
    Experiment(SurvivalSettings, SurvivalRecord, run, text),
    title="Survival",
    description="what is still read of a signature after the image was saved, resized, blurred?",
)
