"""All commands. Each imports what it needs when it runs, so that `mtaa --help` never waits for torch."""

from typing import Annotated, Literal

import typer

from mtaa.cli import attributing, benching, fitting, listing, making, mapping, serving

app = typer.Typer(
    name="mtaa",
    help="Who is behind an adversarial image: attack algorithm, source model, hyperparameter.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
data = typer.Typer(help="Clean images.", no_args_is_help=True)
victims = typer.Typer(help="Victim (source) models.", no_args_is_help=True)
bench = typer.Typer(help="Speed beside other toolboxes.", no_args_is_help=True)
app.add_typer(data, name="data")
app.add_typer(victims, name="victims")
app.add_typer(bench, name="bench")

data.command("fetch")(making.fetch)
data.command("verify")(making.verify)
victims.command("train")(making.train_victims)
victims.command("reach")(making.measure_reach)
app.command("identify")(making.identify)
app.command("generate")(making.generate)
app.command("samples")(making.samples)
app.command("train")(fitting.train)
app.command("evaluate")(attributing.evaluate)
app.command("results")(attributing.results)
app.command("map")(mapping.map_signatures)
app.command("attribute")(attributing.attribute)
app.command("up")(serving.up)
bench.command("attacks")(benching.attacks)
bench.command("show")(benching.show)


@app.command("list")
def list_things(
    kind: Annotated[
        Literal["attacks", "victims", "datasets", "backbones", "scenarios", "checkpoints"], typer.Argument()
    ],
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """What can be named in a scenario, and what has been made."""
    listing.show(kind, json)
