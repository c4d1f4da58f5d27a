"""What every experiment's record says: which experiment, on which machine, with which versions, in how long."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mtaa.bench.record import Environment
from mtaa.core import files, paths


class Record(BaseModel):
    """Unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ExperimentRecord(Record):
    """A subclass adds its settings with their seed, the hashes of what it depends on, and its figures.

    `seconds` is all the work behind it, that of interrupted runs included.
    """

    schema_version: int
    experiment: str
    environment: Environment
    seconds: float


def path(experiment: str) -> Path:
    """Where an experiment's record lies."""
    return paths.results() / f"experiment-{experiment}.json"


def write(record: ExperimentRecord, target: Path | None = None) -> Path:
    """Write the record to `target`, or to results/, atomically."""
    target = target or path(record.experiment)
    target.with_suffix(".png").unlink(missing_ok=True)  # a picture of an earlier one
    files.write_json(target, record.model_dump(mode="json"))
    return target
