"""Tables 2 to 5: are the signatures there at all? One label for attack and source model, or for the strength too."""

from mtaa.experiments.onelabel.record import OneLabelRecord, OneLabelSettings
from mtaa.experiments.registry import EXPERIMENTS, Experiment

for _name, _words in (
    ("table2", "attack and source model as one label"),
    ("table3", "Table 2 on larger images"),
    ("table4", "attack, source model and intensity as one label"),
    ("table5", "Table 4 on larger images"),
):
    EXPERIMENTS.add(
        _name,
        Experiment(OneLabelSettings, OneLabelRecord, __name__),
        title=_name.replace("table", "Table "),
        description=_words,
    )
