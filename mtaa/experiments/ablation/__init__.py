"""Ablation: what is each part of the network worth? One part is left out, all else is the same (Table 13)."""

from mtaa.experiments.ablation.record import NAME, AblationRecord, AblationSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

EXPERIMENTS.add(
    NAME,
    Experiment(AblationSettings, AblationRecord, __name__),
    title="Ablation",
    description="what is each part of the network worth? (Table 13 of the paper)",
)
