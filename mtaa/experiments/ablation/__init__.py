"""Ablation: what is each part of the network worth? One part is left out, all else is the same (Tables 13 and 14)."""

from mtaa.experiments.ablation.record import NAME, AblationRecord, AblationSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

for _name, _title, _words in (
    (NAME, "Ablation", "what is each part of our network worth?"),
    ("table13", "Table 13", "what is each part of the paper's network worth?"),
    ("table14", "Table 14", "Table 13 on larger images"),
):
    EXPERIMENTS.add(
        _name,
        Experiment(AblationSettings, AblationRecord, __name__),
        title=_title,
        description=_words,
    )
