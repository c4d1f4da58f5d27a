"""An evaluation as a file: everything that determines the figures, the figures, and, apart, what differs by machine."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from mtaa.core import files, paths
from mtaa.evaluation.figures import Figures

SCHEMA_VERSION = 1


class EvaluationRecord(BaseModel):
    """`volatile` holds seconds, rates and the date: all else is the same for the same checkpoint on every machine."""

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
    parameters: int
    flops: int
    volatile: dict[str, Any] = {}


def write(record: EvaluationRecord) -> Path:
    """Write the record to results/, one file a checkpoint."""
    path = paths.results() / f"evaluation-{record.checkpoint}.json"
    files.write_json(path, record.model_dump(mode="json"))
    return path


def read_all(folder: Path) -> list[EvaluationRecord]:
    """Every evaluation record of a folder, by name."""
    return [EvaluationRecord.model_validate(files.read_json(path)) for path in sorted(folder.glob("evaluation-*.json"))]
