"""The settings of the experiment, and its record: one row an attack that a network never saw. Free of torch."""

from typing import Literal

from mtaa.evaluation.record import Figure
from mtaa.experiments.learning import LearningRecord, LearningSettings
from mtaa.experiments.openset.record import Row
from mtaa.experiments.record import Record

NAME: Literal["leftout"] = "leftout"
SCHEMA_VERSION = 1


class LeftoutSettings(LearningSettings):
    """One network an attack, from the first of `seeds`; test examples are the scenario's own."""

    network: str = "forensic"


class Left(Record):
    """What a network that never saw `attack` makes of it, as `openset` measures it, beside what it knows.

    accuracy: of naming the attacks that it does know. known: how many of their test examples it is told from.
    """

    attack: str
    seconds: float
    epochs: int
    examples: int
    weights_sha256: str
    known: int
    accuracy: Figure
    oscr: dict[str, float]
    row: Row


class LeftoutRecord(LearningRecord):
    """Training examples are those of all attacks together; each network learnt from fewer, as its row says."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["leftout"] = NAME
    settings: LeftoutSettings
    rows: list[Left]
