"""The settings of the experiment, and its record: one row a task. Free of torch."""

from typing import Literal

from mtaa.experiments.record import ExperimentRecord, Record
from mtaa.training.config import Task

NAME: Literal["figure7"] = "figure7"
SCHEMA_VERSION = 1


class Figure7Settings(Record):
    """Whose training is read; `device` is unused, since nothing is computed."""

    checkpoint: str = "mnist"
    device: str = "auto"


class Row(Record):
    """One task: what validation said of it after each epoch, and the epochs after which half and nine tenths of the way
    from the first to the best were behind it for good; None where its best is its first.

    values: shares right of attack and victim; RMSE of intensity.
    """

    task: Task
    values: list[float]
    half: int | None
    nine_tenths: int | None


class Figure7Record(ExperimentRecord):
    """Read off the card of the checkpoint with these weights."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["figure7"] = NAME
    settings: Figure7Settings
    weights_sha256: str
    scenario_sha256: str
    rows: list[Row]
