"""One job's shards over 1, 2, 4 workers, and what a look at the jobs costs meanwhile, as a file."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from mtaa.bench.record import Environment
from mtaa.core import files, paths

PATH = paths.ROOT / "benchmarks" / "workers.json"
Kind = Literal["sqlite", "postgresql"]
KINDS: dict[Kind, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Run(_Record):
    """One job. `seconds`: from the first worker's start at the shards to the last one's end, Python's start included.

    `steps_per_second`: gradient steps × images a second, all processes together, each by its own clock once it is
    loaded. `polls`: how often the list of `listed` jobs was read meanwhile, `poll_*` milliseconds each. `load`: the
    machine's load average of the minute before, 0 being an idle one.
    """

    database: Kind
    workers: int
    seconds: float
    steps_per_second: float
    listed: int
    polls: int
    poll_median: float
    poll_most: float
    load: float


class FanoutRecord(_Record):
    """`setting` says in words what was made; `shards` and gradient `steps` × images are those of each run."""

    schema_version: int = 1
    kind: Literal["fan-out"] = "fan-out"
    setting: str
    shards: int
    steps: int
    environment: Environment
    runs: list[Run]


def read(path: Path = PATH) -> FanoutRecord:
    """The record of a file."""
    return FanoutRecord.model_validate(files.read_json(path))


def text(record: FanoutRecord) -> str:
    """The setting in sentences and one row a run, in Markdown."""
    machine = record.environment
    heads = ["database", "workers", "load before", "seconds", "of one worker's", "steps/s", "list of jobs, ms", "most"]
    lines = [
        f"{record.setting} {record.shards} shards, {record.steps:,} gradient steps × images, by workers of one process "
        f"on one machine of {machine.cores} cores; {machine.cpu}, torch {machine.torch}, {machine.date}.",
        "",
        "| " + " | ".join(heads) + " |",
        "|---" * len(heads) + "|",
    ]
    for run in record.runs:
        alone = next((one.seconds for one in record.runs if (one.database, one.workers) == (run.database, 1)), None)
        share = f"{run.seconds / alone:.0%}" if alone else ""
        cells = [KINDS[run.database], str(run.workers), f"{run.load:.1f}", f"{run.seconds:.1f}", share]
        cells += [f"{run.steps_per_second:,.0f}", f"{run.poll_median:.1f}", f"{run.poll_most:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
