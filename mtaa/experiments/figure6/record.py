"""The settings of the experiment, and its record: one row an attack and block. Free of torch."""

from typing import Annotated, Literal

from pydantic import Field

from mtaa.evaluation.record import Figure
from mtaa.experiments.record import ExperimentRecord, Record

NAME: Literal["figure6"] = "figure6"
SCHEMA_VERSION = 1


class Figure6Settings(Record):
    """`scale`: share of the checkpoint's adversarial test examples."""

    checkpoint: str = "mnist"
    scale: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: Annotated[int, Field(ge=0)] = 0
    device: str = "auto"


class Row(Record):
    """One attack, one block: means over its examples of the mean square and the mean absolute difference of a feature
    map to that of the clean image, and of the mean square as a share of the clean map's own."""

    attack: str
    block: str
    mse: Figure
    mae: Figure
    share: Figure


class Figure6Record(ExperimentRecord):
    """Intervals are bootstraps over source images."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["figure6"] = NAME
    settings: Figure6Settings
    weights_sha256: str
    test_sha256: str
    scenario_sha256: str
    bootstrap_seed: int = 0
    rows: list[Row]
