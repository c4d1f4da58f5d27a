"""The settings of the experiment, and its record: one row a part, network and seed. Free of torch."""

from typing import Annotated, Literal

from pydantic import Field

from mtaa.experiments.learning import LearningRecord, LearningRow, LearningSettings
from mtaa.experiments.parts.paper import PARTS, PaperRow
from mtaa.experiments.record import Record

SCHEMA_VERSION = 1
Name = Literal["table9", "table10"]
Kind = Literal["one label", "three tasks"]
BACKBONES = {"table9": "resnet50", "table10": "resnet101"}


class Part(Record):
    """Attacks and source models of a scenario, by name; without clean images."""

    attacks: tuple[str, ...]
    victims: tuple[str, ...]


class PartsSettings(LearningSettings):
    """table: whose question is asked. backbone: of the classifier of one label and of the paper's MTAA, the paper's own
    by default. parts: the paper's five by default."""

    table: Name = "table9"
    backbone: Literal["resnet18", "resnet50", "resnet101"] | None = None
    parts: Annotated[tuple[Part, ...], Field(min_length=1)] = tuple(
        Part(attacks=attacks, victims=victims) for attacks, victims in PARTS
    )

    @property
    def chosen(self) -> str:
        """The backbone."""
        return self.backbone or BACKBONES[self.table]


class Row(LearningRow):
    """One network on one part. `figures` also has label_accuracy: attack, source model and the nearest value of the
    grid all right, with chance as its floor; it is what both kinds of network are measured by alike."""

    part: Part
    kind: Kind
    backbone: str
    classes: int
    training_examples: int
    test_examples: int
    weights_sha256: str


class PartsRecord(LearningRecord):
    """Adversarial examples are counted in all here, for a part in its rows. Beside our rows the paper's."""

    schema_version: int = SCHEMA_VERSION
    experiment: Name
    settings: PartsSettings
    rows: list[Row]
    paper: tuple[PaperRow, ...]
