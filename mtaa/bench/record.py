"""A benchmark as a file: settings, images, environment, and one row a victim, attack and contestant."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mtaa.core import files, paths
from mtaa.core.errors import InputError
from mtaa.scenario.record import ImagesSpec

SCHEMA_VERSION = 1
PATH = paths.ROOT / "benchmarks" / "attacks.json"
AttackName = Literal["fgsm", "pgd", "cw"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(_Record):
    """What every contestant is asked for, in one unit: grey levels (1/255) for ε and α, logits for κ.

    `intensity` is ε for FGSM and PGD, κ for C&W. FGSM takes one step, of ε; C&W makes no search for `c`.
    """

    attack: AttackName
    intensity: Annotated[float, Field(gt=0)]
    steps: Annotated[int, Field(ge=1)] = 1
    step_size: float = 0.0
    c: float = 0.0
    learning_rate: float = 0.0


class Images(_Record):
    """The attacked images: the first test images, in an order drawn by `seed`, that the victim gets right."""

    spec: ImagesSpec
    seed: int


class Environment(_Record):
    """`device` is cpu or the GPU's name. `peers` are the versions that ran, `left_out` how to get each other peer.

    `vectors` is the widest vector arithmetic that torch uses on the CPU (AVX2, AVX512, …); older records lack it.
    """

    date: str
    device: str
    cpu: str
    cores: int
    threads: int
    vectors: str = ""
    system: str
    python: str
    torch: str
    code_version: str
    peers: dict[str, str]
    left_out: dict[str, str]


class Row(_Record):
    """One contestant on one victim with one attack.

    images: how many it was given. finished: how many it made; fewer where it ran out of patience. batch: how many at a
    time.
    seconds: of each run, in the order of the rounds. images_per_second: at their median.
    fooling_rate: share misclassified by the float32 victim after rounding to 8 bits.
    reached_rate: share whose margin on the float32 victim, before rounding, is κ to a thousandth; None without a κ.
    margin: mean margin (logits) on the float32 victim, before rounding. l2 ([0, 1] units), linf (grey levels): means
    over the images that fooled, after rounding; None where none did.
    peak_memory: largest resident memory of the process during a run (bytes), libraries included; None where the system
    does not tell.
    ratio: images a second over those of the fastest peer in the same cell; ratio_equal: over those of the fastest peer
    with no worse an outcome: fooled and reached κ as often but for one point, and with C&W an L2 at most 2 % larger.
    None where there is no such peer.
    """

    victim: str
    attack: AttackName
    contestant: str
    ours: bool
    images: int
    finished: int
    batch: int
    seconds: list[float]
    images_per_second: float
    fooling_rate: float
    reached_rate: float | None
    margin: float
    l2: float | None
    linf: float | None
    peak_memory: int | None
    ratio: float | None = None
    ratio_equal: float | None = None


class BenchRecord(_Record):
    """`notes` are the known faults of a contestant, by attack, that its figures must be read with."""

    schema_version: int = SCHEMA_VERSION
    images: Images
    settings: list[Settings]
    environment: Environment
    notes: dict[str, dict[AttackName, str]]
    rows: list[Row]


def merged(old: BenchRecord, new: BenchRecord) -> BenchRecord:
    """`new`, and those cells (victim and attack) of `old` that it has not: a long benchmark can be run in parts.

    A ratio is always within a cell, so within one run. Raises `InputError` where images, machine or versions differ.
    """
    versions = old.environment.peers | new.environment.peers
    for name in ("device", "cpu", "cores", "threads", "vectors", "system", "python", "torch", "code_version"):
        before, now = getattr(old.environment, name), getattr(new.environment, name)
        if before != now:
            raise InputError(f"{name} must be that of the record, {before}, got {now}; write to another file")
    if any(versions[name] != version for name, version in old.environment.peers.items()):
        raise InputError("versions of the peers must be those of the record; write to another file")
    if old.images != new.images:
        raise InputError("images must be those of the record; write to another file")
    attacks = {settings.attack: settings for settings in (*old.settings, *new.settings)}
    if any(settings not in attacks.values() for settings in old.settings):
        raise InputError("settings must be those of the record; write to another file")
    done = {(row.victim, row.attack) for row in new.rows}
    environment = {
        "peers": versions,
        "left_out": {k: v for k, v in old.environment.left_out.items() if k in new.environment.left_out},
    }
    return new.model_copy(
        update={
            "settings": list(attacks.values()),
            "environment": new.environment.model_copy(update=environment),
            "notes": {name: old.notes.get(name, {}) | new.notes.get(name, {}) for name in old.notes | new.notes},
            "rows": [row for row in old.rows if (row.victim, row.attack) not in done] + new.rows,
        }
    )


def write(record: BaseModel, path: Path) -> Path:
    """Write the record of any benchmark, atomically."""
    files.write_json(path, record.model_dump(mode="json"))
    return path


def read(path: Path = PATH) -> BenchRecord:
    """The record of a file."""
    return BenchRecord.model_validate(files.read_json(path))
