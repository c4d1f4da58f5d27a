"""All commands. Each imports what it needs when it runs, so that `mtaa --help` never waits for torch."""

from typing import Annotated, Literal

import typer

from mtaa.cli import (
    attributing,
    benching,
    bringing,
    calibrating,
    cases,
    checkpoints,
    estimating,
    experimenting,
    fitting,
    growing,
    listing,
    making,
    mapping,
    papers,
    reattacking,
    schemas,
    serving,
    tables,
    working,
)

app = typer.Typer(
    name="mtaa",
    help="Who is behind an adversarial image: attack algorithm, source model, hyperparameter.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
data = typer.Typer(help="Clean images.", no_args_is_help=True)
victims = typer.Typer(help="Victim (source) models.", no_args_is_help=True)
bench = typer.Typer(help="Speed beside other toolboxes; memory by examples; time by workers.", no_args_is_help=True)
experiment = typer.Typer(help="Experiments that can be interrupted, a record each.", no_args_is_help=True)
checkpoint = typer.Typer(help="Which checkpoint is active; export and import.", no_args_is_help=True)
app.add_typer(data, name="data")
app.add_typer(victims, name="victims")
app.add_typer(bench, name="bench")
app.add_typer(checkpoint, name="checkpoint")
app.add_typer(experiment, name="experiment")
job = typer.Typer(help="Background jobs.", no_args_is_help=True)
app.add_typer(job, name="job")

case = typer.Typer(help="Evidence that is kept.", no_args_is_help=True)
app.add_typer(case, name="cases")

data.command("fetch")(making.fetch)
data.command("verify")(making.verify)
victims.command("add")(bringing.add_victim)
victims.command("remove")(bringing.remove_victim)
victims.command("train")(making.train_victims)
victims.command("reach")(making.measure_reach)
app.command("identify")(making.identify)
app.command("generate")(making.generate)
app.command("samples")(making.samples)
app.command("train")(fitting.train)
app.command("grow")(growing.grow)
app.command("calibrate")(calibrating.calibrate)
app.command("evaluate")(attributing.evaluate)
app.command("results")(attributing.results)
app.command("map")(mapping.map_signatures)
app.command("estimator")(estimating.estimator)
app.command("attribute")(attributing.attribute)
app.command("schema")(schemas.schema)
app.command("reattack")(reattacking.reattack)
app.command("report")(cases.report)
app.command("up")(serving.up)
app.command("worker")(working.worker)
job.command("start")(working.start)
job.command("show")(working.show)
job.command("wait")(working.wait)
job.command("cancel")(working.cancel)
job.command("pause")(working.pause)
job.command("resume")(working.resume)
job.command("retry")(working.retry)
job.command("clone")(working.clone)
job.command("delete")(working.delete)
case.command("list")(cases.show)
case.command("verify")(cases.verify)
case.command("sweep")(cases.sweep)
bench.command("attacks")(benching.attacks)
bench.command("attribution")(experimenting.speed)
bench.command("memory")(benching.memory)
bench.command("workers")(benching.workers)
bench.command("plan")(benching.plan)
bench.command("show")(benching.show)
checkpoint.command("list")(checkpoints.show)
checkpoint.command("activate")(checkpoints.activate)
checkpoint.command("rollback")(checkpoints.roll_back)
checkpoint.command("export")(checkpoints.export)
checkpoint.command("import")(checkpoints.import_checkpoint)
checkpoint.command("delete")(checkpoints.delete)
experiment.command("ablation")(papers.ablation)
experiment.command("faithfulness")(experimenting.faithfulness)
experiment.command("growing")(experimenting.growing)
experiment.command("survival")(experimenting.survival)
experiment.command("speed")(experimenting.speed)
experiment.command("openset")(experimenting.openset)
experiment.command("leftout")(papers.leftout)
experiment.command("reattack")(experimenting.reattack)
experiment.command("figure2")(papers.figure2)
experiment.command("figure6")(papers.figure6)
experiment.command("figure7")(papers.figure7)
for _name, _command in tables.COMMANDS.items():
    experiment.command(_name)(_command)
experiment.command("show")(experimenting.show)


@app.command("list")
def list_things(
    kind: Annotated[
        Literal[
            "attacks",
            "controls",
            "victims",
            "datasets",
            "backbones",
            "scenarios",
            "checkpoints",
            "experiments",
            "jobs",
        ],
        typer.Argument(),
    ],
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """What can be named in a scenario, and what has been made."""
    listing.show(kind, json)
