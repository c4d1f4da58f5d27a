"""Peak memory against the number of examples, as a file: one point a stage and size, what they mean, the table."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from mtaa.bench.record import Environment
from mtaa.core import files, paths

PATH = paths.ROOT / "benchmarks" / "memory.json"
Stage = Literal["generate", "complete", "verify", "lay out", "epoch"]
STAGES: dict[Stage, str] = {
    "generate": "crafting, rounding and measuring every shard",
    "complete": "clean images and the manifest",
    "verify": "`mtaa data verify`",
    "lay out": "shards into memory maps, once before training",
    "epoch": "loading every batch of one epoch, as training does",
}
FLAT = 0.05
FAR = 1_000_000


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Point(_Record):
    """One stage at one size, in a process of its own: bytes resident before it (libraries) and at its peak; seconds."""

    stage: Stage
    examples: int
    before: int
    peak: int
    seconds: float


class MemoryRecord(_Record):
    """`setting` says in words what was made, `conclusion` what the points mean. Every point is of one thread."""

    schema_version: int = 1
    kind: Literal["memory"] = "memory"
    setting: str
    image_bytes: int
    environment: Environment
    points: list[Point]
    conclusion: str


def curve(points: Sequence[Point], stage: Stage) -> list[Point]:
    """The points of a stage, by size."""
    return sorted((point for point in points if point.stage == stage), key=lambda point: point.examples)


def growth(points: Sequence[Point], stage: Stage) -> float:
    """Bytes of peak memory that one more example adds, from the smallest to the largest size."""
    own = curve(points, stage)
    return (own[-1].peak - own[0].peak) / max(1, own[-1].examples - own[0].examples)


def is_flat(points: Sequence[Point], stage: Stage) -> bool:
    """Whether the largest size peaks at most 5 % above the smallest."""
    own = curve(points, stage)
    return own[-1].peak <= (1 + FLAT) * own[0].peak


def conclude(points: Sequence[Point]) -> str:
    """What the points say; a million examples are reckoned from their growth, and only where all stages are flat."""
    stages = list(dict.fromkeys(point.stage for point in points))
    sizes = [point.examples for point in points]
    if len(set(sizes)) < 2:
        return "One size alone shows no growth."
    span = f"from {min(sizes):,} to {max(sizes):,} examples"
    if growing := [stage for stage in stages if not is_flat(points, stage)]:
        return f"Not flat: {span}, the peak of {', '.join(growing)} grows by more than {FLAT:.0%}."
    largest = {stage: curve(points, stage)[-1].peak for stage in stages}
    steepest = max(max(0.0, growth(points, stage)) for stage in stages)
    far = max(peak + max(0.0, growth(points, stage)) * (FAR - max(sizes)) for stage, peak in largest.items())
    return (
        f"Flat: {span}, no stage's peak grows by more than {FLAT:.0%}, and none by more than {steepest:,.0f} bytes an "
        f"example. At that growth {FAR:,} examples would take at most {far / 2**20:,.0f} MiB; this is reckoned, not "
        "measured."
    )


def read(path: Path = PATH) -> MemoryRecord:
    """The record of a file."""
    return MemoryRecord.model_validate(files.read_json(path))


def text(record: MemoryRecord) -> str:
    """The setting in sentences, one row a stage, and the conclusion, in Markdown."""
    machine, points = record.environment, record.points
    sizes = sorted({point.examples for point in points})
    heads = ["stage", *(f"{size:,} examples" for size in sizes), "an example more", f"seconds at {sizes[-1]:,}"]
    lines = [
        f"{record.setting} Largest resident memory of a process of one thread, libraries and mapped files included, a "
        f"fresh process a figure; {machine.cpu}, torch {machine.torch}, {machine.date}. One image is "
        f"{record.image_bytes:,} bytes.",
        "",
        "| " + " | ".join(heads) + " |",
        "|---" * len(heads) + "|",
    ]
    for stage in dict.fromkeys(point.stage for point in points):
        peaks = {point.examples: point.peak for point in curve(points, stage)}
        cells = [f"{peaks[size] / 2**20:,.0f} MiB" if size in peaks else "" for size in sizes]
        cells += [f"{growth(points, stage):,.0f} bytes", f"{curve(points, stage)[-1].seconds:,.0f}"]
        lines.append("| " + " | ".join([f"{stage}: {STAGES[stage]}", *cells]) + " |")
    return "\n".join([*lines, "", record.conclusion])
