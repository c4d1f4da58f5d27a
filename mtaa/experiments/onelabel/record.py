"""The settings of the experiment, and its record: one row a backbone and seed. Free of torch."""

from typing import Any, Literal

from mtaa.evaluation.record import Figure
from mtaa.experiments.learning import LearningRecord, LearningRow, LearningSettings
from mtaa.experiments.onelabel.paper import PaperTable
from mtaa.experiments.record import Record

SCHEMA_VERSION = 1
Name = Literal["table2", "table3", "table4", "table5"]
BACKBONES = {"table2": "resnet50", "table3": "resnet101", "table4": "resnet50", "table5": "resnet101"}


class OneLabelSettings(LearningSettings):
    """table: whose question is asked. backbones: of the classifiers, the paper's own by default."""

    table: Name = "table2"
    backbones: tuple[str, ...] = ()

    @property
    def graded(self) -> bool:
        """Whether the label holds the intensity."""
        return self.table in ("table4", "table5")

    @property
    def chosen(self) -> tuple[str, ...]:
        """The backbones."""
        return self.backbones or (BACKBONES[self.table],)


class Cell(Record):
    """How often the whole label is right for one attack on one source model."""

    attack: str
    victim: str
    right: Figure


class Row(LearningRow):
    """One classifier. `figures` also has label_accuracy, of the whole label, with chance as its floor."""

    backbone: str
    classes: int
    network: dict[str, Any]
    training: dict[str, Any]
    weights_sha256: str
    cells: list[Cell]


class OneLabelRecord(LearningRecord):
    """Beside our rows the paper's."""

    schema_version: int = SCHEMA_VERSION
    experiment: Name
    settings: OneLabelSettings
    rows: list[Row]
    paper: PaperTable
