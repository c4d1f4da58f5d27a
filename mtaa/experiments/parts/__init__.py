"""Tables 9 and 10: does it scale? Parts of the scenario and the whole, one label for all beside three tasks."""

from mtaa.experiments.parts.record import PartsRecord, PartsSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

for _name, _words in (
    ("table9", "do more attacks and source models make it harder?"),
    ("table10", "Table 9 on larger images"),
):
    EXPERIMENTS.add(
        _name,
        Experiment(PartsSettings, PartsRecord, __name__),
        title=_name.replace("table", "Table "),
        description=_words,
    )
