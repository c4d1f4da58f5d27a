"""`mtaa bench attacks`, `memory`, `workers`, `show`: speed beside toolboxes, memory by examples, time by workers."""

import json as jsonlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from mtaa.bench.curve import PATH as MEMORY_PATH
from mtaa.bench.fanout import PATH as WORKERS_PATH
from mtaa.bench.record import PATH
from mtaa.cli.terminal import Terminal


def attacks(
    victim: Annotated[list[str] | None, typer.Option("--victim", help="Only this victim; may be repeated.")] = None,
    attack: Annotated[
        list[str] | None, typer.Option("--attack", help="Only this attack, fgsm, pgd or cw; may be repeated.")
    ] = None,
    peer: Annotated[
        list[str] | None, typer.Option("--peer", help="Only this toolbox; may be repeated. By default all there are.")
    ] = None,
    source: Annotated[str, typer.Option(help="Whose images and victims: mnist, fashion_mnist or digits.")] = "mnist",
    images: Annotated[int, typer.Option(min=1, max=2048, help="Images to attack.")] = 64,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each contestant; the median counts.")] = 3,
    patience: Annotated[
        float, typer.Option(min=1, help="Seconds after which a run stops at the next batch and is not repeated.")
    ] = 60.0,
    target: Annotated[Path, typer.Option(help="The record's file.")] = PATH,
    add: Annotated[
        bool, typer.Option("--add", help="Keep the record's other victims and attacks; only on the same machine.")
    ] = False,
    device: Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")] = "auto",
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Time FGSM, PGD and C&W of mtaa and of the toolboxes on the same victims, and record it."""
    from mtaa.bench import record, tables
    from mtaa.bench.attacks import VICTIMS, Plan, bench, settings_of
    from mtaa.scenario import ImagesSpec

    found = bench(
        Plan(
            images=ImagesSpec(source=source, channels=1, side=28),
            victims=victim or VICTIMS,
            settings=settings_of(attack),
            peers=peer,
            count=images,
            repeats=repeats,
            patience=patience,
            device=device,
        ),
        Terminal(),
    )
    if add and target.is_file():
        found = record.merged(record.read(target), found)
    record.write(found, target)
    for name, how in found.environment.left_out.items():
        print(f"mtaa: {tables.left_out(name, how)}", file=sys.stderr)
    print(found.model_dump_json(indent=2) if json else tables.text(found))


def memory(
    size: Annotated[
        list[int] | None, typer.Option("--size", min=500, help="Examples, a multiple of 500; may be repeated.")
    ] = None,
    target: Annotated[Path, typer.Option(help="The record's file.")] = MEMORY_PATH,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Measure the peak memory of making, checking and reading 1,000 to 100,000 examples, and record it."""
    from mtaa.bench import curve, record
    from mtaa.bench.memory import SIZES, bench

    found = bench(sorted(set(size or SIZES)), Terminal())
    record.write(found, target)
    print(found.model_dump_json(indent=2) if json else curve.text(found))


def workers(
    size: Annotated[
        list[int] | None, typer.Option("--size", min=1, max=64, help="Workers; may be repeated. By default 1, 2 and 4.")
    ] = None,
    database: Annotated[
        str, typer.Option(help="The postgresql:// URL of an empty database, instead of an SQLite file.")
    ] = "",
    add: Annotated[bool, typer.Option("--add", help="Keep the record's runs of the other database.")] = False,
    target: Annotated[Path, typer.Option(help="The record's file.")] = WORKERS_PATH,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Time a job's shards over 1, 2 and 4 workers of this machine, and the list of jobs meanwhile, and record it."""
    from mtaa.bench import fanout, record
    from mtaa.jobs.timing import SIZES, bench

    found = bench(sorted(set(size or SIZES)), database, Terminal())
    if add and target.is_file():
        kept = [run for run in fanout.read(target).runs if run.database != found.runs[0].database]
        found = found.model_copy(update={"runs": [*kept, *found.runs]})
    record.write(found, target)
    print(found.model_dump_json(indent=2) if json else fanout.text(found))


def plan(
    scenario: Annotated[str, typer.Option(help="A preset's name or the path of a YAML file.")] = "mnist",
    examples: Annotated[int, typer.Option(min=1, help="How many examples in all.")] = 100_000_000,
    checkpoint: Annotated[str, typer.Option(help="Whose network is trained.")] = "mnist",
    times: Annotated[float, typer.Option(min=0.01, help="How many of the records' machine a rented one equals.")] = 1.0,
    price: Annotated[float, typer.Option(min=0, help="Of an hour of the rented one.")] = 0.0,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Reckon from the records what a scenario would cost at another number of examples; nothing of it is measured."""
    from mtaa.bench import curve, record, scaling
    from mtaa.core import card as cards
    from mtaa.scenario import load

    flops = cards.read(checkpoint).flops
    lines = scaling.reckon(load(scenario), examples, record.read(), curve.read(), flops, times, price)
    print(jsonlib.dumps([line.model_dump() for line in lines], indent=2) if json else scaling.text(lines))


def show(
    target: Annotated[Path, typer.Argument(help="A record that `mtaa bench` wrote.")] = PATH,
) -> None:
    """Print a benchmark's tables, as the README shows them."""
    from mtaa.bench import curve, fanout, record, tables
    from mtaa.core import files

    kind = files.read_json(target).get("kind")
    if kind == "memory":
        print(curve.text(curve.read(target)))
    elif kind == "fan-out":
        print(fanout.text(fanout.read(target)))
    else:
        print(tables.text(record.read(target)))
