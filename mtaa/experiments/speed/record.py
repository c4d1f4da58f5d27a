"""The settings of the experiment, and its record: networks by throughput, verdicts by latency. Free of torch."""

from typing import Annotated, Literal

from pydantic import Field

from mtaa.experiments.record import ExperimentRecord, Record

NAME: Literal["speed"] = "speed"
SCHEMA_VERSION = 1
Count = Annotated[int, Field(ge=1)]


class SpeedSettings(Record):
    """images: how many go through each network at a time; `singles`, `many`: images given alone, and in one call;
    repeats: of each, taken in turns, of which the median counts. backbone: of the paper's MTAA."""

    checkpoint: str = "mnist"
    backbone: Literal["resnet18", "resnet50", "resnet101"] = "resnet50"
    images: Count = 256
    singles: Count = 100
    many: Count = 1000
    repeats: Count = 5
    device: str = "auto"


class Network(Record):
    """One contestant; of several networks the cost is theirs together. ratio: its throughput as a share of ours."""

    said: str
    networks: int
    parameters: int
    flops: int
    images_per_second: float
    spread: tuple[float, float]
    ratio: float


class Verdicts(Record):
    """From PNG bytes to verdicts by a loaded checkpoint: milliseconds of one image, seconds of `many` in one call, and
    the largest resident memory (bytes) meanwhile, None where the system does not tell."""

    median: float
    percentile_95: float
    slowest: float
    many_seconds: float
    peak_memory: int | None


class SpeedRecord(ExperimentRecord):
    """Times are of one run on one machine: only ratios are for other machines. Networks that are compared with have
    random weights, which cost what trained ones do."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["speed"] = NAME
    settings: SpeedSettings
    weights_sha256: str
    networks: list[Network]
    verdicts: Verdicts
