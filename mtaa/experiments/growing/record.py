"""The settings of the experiment, and its record: one row a number of examples and seed."""

from typing import Annotated, Literal

from pydantic import Field

from mtaa.core.growth import Growth
from mtaa.evaluation.record import Figure
from mtaa.experiments.record import ExperimentRecord, Record

NAME: Literal["growing"] = "growing"
SCHEMA_VERSION = 1


class GrowingSettings(Record):
    """`attack` is added to `checkpoint` from each number of examples in `shots`, by each of `seeds`, which choose the
    examples. epochs: of fine-tuning after the heads; None is the usual number. stranger: an attack that neither
    knows; empty for none. replay: known examples that are trained on again, at most."""

    checkpoint: str = "mnist"
    attack: str = "mi_fgsm"
    stranger: str = "bim"
    shots: Annotated[tuple[Annotated[int, Field(ge=20)], ...], Field(min_length=1)] = (20, 50, 100)
    seeds: Annotated[tuple[int, ...], Field(min_length=1)] = (0,)
    replay: Annotated[int, Field(ge=1)] = 4000
    epochs: Annotated[int, Field(ge=0)] | None = None
    device: str = "auto"


class Row(Record):
    """One grown network. rmse: of the new attack's intensity where it is recognised, in its unit; None where it never
    is. victim: the share of its test examples whose source model is named right. stranger: what examples of the
    attack that nobody taught are taken for. seconds: of training, examples being made."""

    shots: int
    seed: int
    growth: Growth
    rmse: Figure | None
    victim: Figure
    stranger: dict[str, int]
    seconds: float


class GrowingRecord(ExperimentRecord):
    """`before`: what the old checkpoint takes examples of the new attack for, and of the stranger."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["growing"] = NAME
    settings: GrowingSettings
    weights_sha256: str
    test_sha256: str
    scenario_sha256: str
    replay: str
    before: dict[str, dict[str, int]]
    rows: list[Row]
