"""An evaluation as a file: everything that determines the figures, the figures, and, apart, what differs by machine.

Light: reading a record needs none of what measures.
"""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from mtaa.core import files, paths
from mtaa.core.errors import IntegrityError

SCHEMA_VERSION = 1


class Figure(BaseModel):
    """One figure: its value, its 95 % interval, how many examples it is of, and what a constant answer would get."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float
    low: float
    high: float
    count: int
    floor: float | None = None


class Figures(BaseModel):
    """Accuracies are shares; RMSE is in the unit of its attack, and over all units where it says overall.

    `by_intensity` is keyed by attack, then by the intensity. Confusion matrices have a row a true class.
    """

    model_config = ConfigDict(extra="forbid")

    overall: dict[str, Figure]
    by_attack: dict[str, dict[str, Figure]]
    by_victim: dict[str, dict[str, Figure]]
    by_intensity: dict[str, dict[str, dict[str, Figure]]]
    confusion: dict[str, dict[str, Any]]


class Bin(BaseModel):
    """Answers given with a probability within one span: their mean probability, and the share that was right."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    probability: float
    right: Figure


class Reliability(BaseModel):
    """How far probabilities mean what they say: bins of equal width, and their mean gap weighted by answers (ECE).

    `low` and `high` are its 95 % interval by bootstrap over source images; it can't fall below 0, so that noise lifts
    both. `untempered` is the error of the network's own probabilities, at temperature 1. None in records of before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bins: list[Bin]
    calibration_error: float
    low: float | None = None
    high: float | None = None
    untempered: float | None = None
    count: int


class Held(BaseModel):
    """How often a set or an interval held the true answer, and its mean `size`: answers in it, or its width.

    single: share of sets of one answer; None of an interval.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    coverage: Figure
    size: float
    single: float | None = None


class Promise(BaseModel):
    """What verdicts say at one `level` held against the truth, by attack and of `all`.

    `attack` by the true class; `victim` and `intensity` by the attack named, where one is: an answer with a true attack
    whose intensity has another unit, or of a clean image, does not hold.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: float
    attack: dict[str, Held]
    victim: dict[str, Held]
    intensity: dict[str, Held]


class EvaluationRecord(BaseModel):
    """`volatile` holds seconds, rates and the date: all else is the same for the same checkpoint on every machine.

    `reliability` is by head, `attack` and `victim`; `support` by attack says how narrowly source models are named and
    how often rightly (`mtaa.evaluation.support`); `promises` hold conformal sets and intervals against the truth.
    Records made before these were measured have none.
    """

    model_config = ConfigDict(extra="forbid")

    schema_version: int = SCHEMA_VERSION
    checkpoint: str
    weights_sha256: str
    test_sha256: str
    scenario_sha256: str
    code_version: str
    images: str
    examples: int
    bootstrap_seed: int = 0
    figures: Figures
    reliability: dict[str, Reliability] = {}
    support: dict[str, dict[str, Figure]] = {}
    promises: list[Promise] = []
    parameters: int
    flops: int
    volatile: dict[str, Any] = {}


def path(checkpoint: str) -> Path:
    """The record's file in results/, one a checkpoint."""
    return paths.results() / f"evaluation-{checkpoint}.json"


def write(record: EvaluationRecord) -> Path:
    """Write the record to results/."""
    target = path(record.checkpoint)
    files.write_json(target, record.model_dump(mode="json"))
    return target


def read(file: Path) -> EvaluationRecord:
    """One record. Raises `IntegrityError` on anything else."""
    document = files.read_json(file)
    if isinstance(document, dict) and document.get("schema_version") != SCHEMA_VERSION:
        found = document.get("schema_version")
        raise IntegrityError(f"{file.name} has schema {found}, expected {SCHEMA_VERSION}; evaluate the checkpoint anew")
    try:
        return EvaluationRecord.model_validate(document)
    except ValidationError as error:
        raise IntegrityError(
            f"{file.name} is not an evaluation record of this version; evaluate the checkpoint anew"
        ) from error


def read_all(folder: Path) -> list[EvaluationRecord]:
    """Every evaluation record of a folder, by name."""
    return [read(path) for path in sorted(folder.glob("evaluation-*.json"))]
