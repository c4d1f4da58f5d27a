"""The experiments by name. A new one is one package beside this file, and one command in `mtaa.cli.experimenting`."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pydantic import BaseModel, ValidationError

from mtaa.core import files
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.progress import Progress
from mtaa.core.registry import Registry
from mtaa.experiments.record import ExperimentRecord, path


@dataclass(frozen=True)
class Experiment:
    """`package` holds `run.run`, which takes `settings`, does what of them is not done yet, and returns a `record`, and
    `tables.text`, which makes tables of it. Both are imported when they are called: a record is read without torch."""

    settings: type[BaseModel]
    record: type[ExperimentRecord]
    package: str

    def run(self, settings: BaseModel, progress: Progress) -> ExperimentRecord:
        """Do what is missing and measure. Raises `MtaaError` as the experiment says."""
        found: ExperimentRecord = import_module(f"{self.package}.run").run(settings, progress)
        return found

    def text(self, record: ExperimentRecord) -> str:
        """The tables of a record, in Markdown."""
        found: str = import_module(f"{self.package}.tables").text(record)
        return found


EXPERIMENTS: Registry[Experiment] = Registry("experiment")


def read(name: str, target: Path | None = None) -> ExperimentRecord:
    """The record of an experiment.

    Raises `UnknownNameError`, `InputError` where it has not been run, or `IntegrityError` where it is not of this
    version.
    """
    kind, target = EXPERIMENTS[name].record, target or path(name)
    if not target.is_file():
        raise InputError(f"experiment {name} must be run first, got no {target.name}; run: mtaa experiment {name}")
    try:
        return kind.model_validate(files.read_json(target))
    except ValidationError as error:
        raise IntegrityError(
            f"{target.name} is not a record of this version; make it anew: mtaa experiment {name}"
        ) from error


def made(name: str) -> ExperimentRecord | None:
    """The record of an experiment in results/, or None where it has not been run. Raises as `read` does."""
    return read(name) if path(name).is_file() else None
