"""`mtaa attribute` and `mtaa evaluate`: what a checkpoint says, and how right it is."""

import json as jsonlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mtaa.core.answers import answers
from mtaa.core.errors import InputError
from mtaa.core.support import Support
from mtaa.core.verdict import Ranking, Refusal, Verdict
from mtaa.core.wording import measured, percent

CheckpointOption = Annotated[str, typer.Option("--checkpoint", help="A name from: mtaa list checkpoints")]
DeviceOption = Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]

ReferenceOption = Annotated[
    Path | None, typer.Option("--reference", help="The clean original, for measures of the true difference.")
]
ActiveOption = Annotated[
    str | None,
    typer.Option("--checkpoint", help="A name from: mtaa checkpoint list. By default the active one."),
]


def attribute(
    images: Annotated[list[Path], typer.Argument(help="Image files, lossless for best results.")],
    reference: ReferenceOption = None,
    checkpoint: ActiveOption = None,
    prior: Annotated[
        float | None, typer.Option(min=1e-6, max=1, help="Share of such images that are attacked; 0.001 is 1 in 1,000.")
    ] = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Name attack, source model and hyperparameter of images. Exit code 2 when an image was refused."""
    from mtaa.attribution import Attributor
    from mtaa.core.active import active

    contents = _contents(images)
    original = read_bytes(reference) if reference else None
    results = list(Attributor.open(checkpoint or active(), device).attribute(contents, original, prior=prior))
    refused = [result for result in results if isinstance(result, Refusal)]
    if json:
        print(jsonlib.dumps([result.model_dump(mode="json") for result in results], ensure_ascii=False, indent=2))
    else:
        _print(results)
    for result in refused:
        print(f"mtaa: {result.name}: {result.reason}", file=sys.stderr)
    if refused:
        raise typer.Exit(2)


def evaluate(
    checkpoint: CheckpointOption = "mnist",
    device: DeviceOption = "cpu",
    json: JsonOption = False,
) -> None:
    """Measure a checkpoint on its own test split, and write the record to results/."""
    from mtaa.evaluation.evaluate import evaluate as evaluate_checkpoint
    from mtaa.evaluation.tables import summary

    record = evaluate_checkpoint(checkpoint, device)
    print(jsonlib.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2) if json else summary(record))


def results(
    experiments: Annotated[
        bool, typer.Option("--experiments", help="Those of the experiments instead, as results/README.md has them.")
    ] = False,
) -> None:
    """Print the tables of results/ and of the victims behind them, as the README shows them."""
    from mtaa.core import paths
    from mtaa.evaluation import tables
    from mtaa.evaluation.record import read_all
    from mtaa.experiments import chapter
    from mtaa.scenario.presets import of_checkpoint
    from mtaa.victims import read_card

    if experiments:
        print(chapter.text())
        return
    for record in read_all(paths.results()):
        print(tables.summary(record))
        scenario = of_checkpoint(record.checkpoint)
        print()
        print(tables.victims([read_card(scenario.images, name) for name in scenario.victims]))


def _contents(images: list[Path]) -> Iterator[tuple[str, bytes]]:
    for path in images:
        yield path.name, read_bytes(path)


def read_bytes(path: Path) -> bytes:
    """A file's content. Raises `InputError` where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} must be a readable file, got: {error.strerror}; check the path") from error


def _print(results: list[Verdict | Refusal]) -> None:
    """One image as answers to the questions an analyst asks, several as a table."""
    found = [result for result in results if isinstance(result, Verdict)]
    if len(results) > 1:
        _table(results)
    elif found:
        _answers(found[0])
    for verdict in found:
        for warning in verdict.warnings:
            print(f"{verdict.observed.name}: {warning}")


def _answers(verdict: Verdict) -> None:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column()
    for one in answers(verdict, verdict.informed):
        says = " ".join(one.rest)
        grid.add_row(one.question, escape(f"{one.short}. {says}".strip() if one.short else says))
    Console().print(grid)


def _table(results: list[Verdict | Refusal]) -> None:
    table = Table("image", "conclusion", "attack", "source model", "hyperparameter")
    for result in results:
        if isinstance(result, Refusal):
            table.add_row(escape(result.name), "refused", "", "", "")
            continue
        said, name = result.informed or result.inferred, escape(result.observed.name)
        if result.names_nobody:
            table.add_row(name, said.conclusion, "none given", "none given", "")
        elif said.hyperparameter is None:
            table.add_row(name, said.conclusion, f"{said.attack.title} {percent(said.attack.probability)}", "", "")
        else:
            shown = (_supported(said.kind, said.attack), _supported(said.source, said.victim))
            concluded = f"{said.conclusion}, unknown" if result.standing == "unknown" else said.conclusion
            table.add_row(name, concluded, *shown, measured(said.hyperparameter))
    Console().print(table)


def _supported(support: Support | None, ranking: Ranking) -> str:
    if support is None:
        return f"{ranking.title} {percent(ranking.probability)}"
    return "undecided" if support.level == "none" else f"{support.title} {percent(support.probability)}"
