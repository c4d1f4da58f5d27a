"""The experiments by name. A new one is one package beside this file, and one command in `mtaa.cli.experimenting`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.core.progress import Progress
from mtaa.core.registry import Registry
from mtaa.experiments.record import ExperimentRecord, path


@dataclass(frozen=True)
class Experiment:
    """`run` takes `settings`, does what of them is not done yet, and returns a `record`; `text` makes its tables."""

    settings: type[BaseModel]
    record: type[ExperimentRecord]
    run: Callable[[Any, Progress], ExperimentRecord]
    text: Callable[[Any], str]


EXPERIMENTS: Registry[Experiment] = Registry("experiment")


def read(name: str, target: Path | None = None) -> ExperimentRecord:
    """The record of an experiment. Raises `UnknownNameError`, or `InputError` where it has not been run."""
    kind, target = EXPERIMENTS[name].record, target or path(name)
    if not target.is_file():
        raise InputError(f"experiment {name} must be run first, got no {target.name}; run: mtaa experiment {name}")
    return kind.model_validate(files.read_json(target))
