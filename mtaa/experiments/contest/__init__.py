"""Tables 7, 8, 11, 12: is one network for three tasks better than three networks? The two last with clean images."""

from mtaa.experiments.contest.record import ContestRecord, ContestSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

for _name, _words in (
    ("table7", "is one network for three tasks better than three networks, one a task?"),
    ("table8", "Table 7 on larger images"),
    ("table11", "the same with clean images: who gives false alarms?"),
    ("table12", "Table 11 on larger images"),
):
    EXPERIMENTS.add(
        _name,
        Experiment(ContestSettings, ContestRecord, __name__),
        title=_name.replace("table", "Table "),
        description=_words,
    )
