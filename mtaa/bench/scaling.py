"""What a scenario would cost at another number of examples, reckoned from the benchmarks' records, and never measured.

Every line shows its arithmetic. A machine is the one of the records; `times` says how many of it another one is worth.
"""

from pydantic import BaseModel, ConfigDict

from mtaa.attacks import build
from mtaa.bench import curve
from mtaa.bench.curve import MemoryRecord, Stage
from mtaa.bench.record import BenchRecord, Row
from mtaa.core.errors import InputError
from mtaa.core.titles import title
from mtaa.dataset import plan
from mtaa.dataset.cost import cost
from mtaa.scenario.record import SPLITS, AttackSpec, Scenario

OURS = "mtaa_float32"
SERIAL: tuple[Stage, ...] = ("complete", "verify", "lay out", "epoch")
TRAINING = 3  # passes: forward, and backward for activations and for weights


class Line(BaseModel):
    """One figure of the plan: `value` in `unit`, and how it was reckoned."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    reckoning: str
    value: float
    unit: str


def reckon(
    scenario: Scenario, examples: int, speed: BenchRecord, memory: MemoryRecord, flops: int, times: float, price: float
) -> list[Line]:
    """The plan for `examples` examples in the proportions of `scenario`.

    flops: of one image through the attribution network. times: how many machines of the record a rented one equals,
    price: what an hour of that costs. Raises `InputError` where an attack of the scenario was never timed.
    """
    found = cost(scenario)
    total = sum(scenario.total(split) for split in SPLITS)
    share = examples / total
    basis = f"as {found.basis}'s shards on this machine" if found.basis else "no more than that, uncompressed"
    lines = [
        _line("shards", f"{examples:,} / {plan.ROWS} rows", examples / plan.ROWS, "files"),
        _line(
            "store", f"{examples:,} × {found.shard_bytes / total:,.0f} bytes, {basis}", share * found.shard_bytes, "B"
        ),
        _line("laid out", f"{examples:,} × {found.cache_bytes / total:,.0f} bytes", share * found.cache_bytes, "B"),
    ]
    hours = 0.0
    for spec in scenario.attacks:
        each = len(spec.intensities.values()) * sum(scenario.counts(spec).of(split) for split in SPLITS)
        for victim in scenario.victims:
            rate, words = _rate(speed, spec, victim)
            took = share * each / rate / 3600
            what = f"generate: {title(spec.name)} on {title(victim)}"
            lines.append(_line(what, f"{share * each:,.0f} images / {rate:,.2f} a second{words}", took, "machine h"))
            hours += took
    lines.append(_line("generate", "the sum", hours, "machine h"))
    rented = hours / times
    lines.append(_line("generate, rented", f"{hours:,.0f} h / {times:g}", rented, "rented h"))
    lines.append(_line("generate, cost", f"{rented:,.0f} h × {price:g}", rented * price, "money"))
    for stage in SERIAL:
        slope = _slope(memory, stage)
        how = f"{examples:,} × {1e6 * slope:,.1f} µs, one thread"
        lines.append(_line(f"{stage}: {curve.STAGES[stage]}", how, examples * slope / 3600, "h"))
    how = f"{examples:,} × {TRAINING} × {flops / 1e6:,.0f} MFLOP"
    lines.append(_line("train, an epoch", how, examples * TRAINING * flops / 1e15, "PFLOP"))
    return lines


def text(lines: list[Line]) -> str:
    """The plan as a table in Markdown."""
    rows = [f"| {line.what} | {line.reckoning} | {_shown(line)} |" for line in lines]
    return "\n".join(["| | reckoned | |", "|---|---|---|", *rows])


def _rate(speed: BenchRecord, spec: AttackSpec, victim: str) -> tuple[float, str]:
    """Images a second, and what must be said of the figure. A victim that was not timed counts as the slowest."""
    rows = [row for row in speed.rows if row.contestant == OURS and row.attack == spec.name]
    if not rows:
        timed = ", ".join(sorted({row.attack for row in speed.rows}))
        raise InputError(f"attacks must be timed ones ({timed}), got {spec.name}; see: mtaa bench attacks")
    slowest = min(rows, key=_speed)
    row = next((row for row in rows if row.victim == victim), slowest)
    words = "" if row.victim == victim else f", as {title(slowest.victim)}"
    timed_steps = next(one.steps for one in speed.settings if one.attack == spec.name)
    steps = getattr(build(spec).parameters, "steps", 1)
    if steps != timed_steps:
        words += f", timed with {timed_steps} steps and taken for {steps}"
    return row.images_per_second * timed_steps / steps, words


def _speed(row: Row) -> float:
    return row.images_per_second


def _slope(memory: MemoryRecord, stage: Stage) -> float:
    """Seconds that one more example takes, from the two largest sizes."""
    before, last = curve.curve(memory.points, stage)[-2:]
    return (last.seconds - before.seconds) / (last.examples - before.examples)


def _line(what: str, reckoning: str, value: float, unit: str) -> Line:
    return Line(what=what, reckoning=reckoning, value=value, unit=unit)


def _shown(line: Line) -> str:
    if line.unit == "B":
        return f"{line.value / 1e9:,.0f} GB"
    digits = 0 if line.value >= 10 else 1
    return f"{line.value:,.{digits}f}" + ("" if line.unit == "money" else f" {line.unit}")
