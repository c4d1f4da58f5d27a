"""`mtaa worker` and `mtaa job`: background jobs, done and steered."""

import getpass
import json as jsonlib
import time
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from mtaa.cli.making import JsonOption, ScenarioOption, SeedOption
from mtaa.jobs.record import Device, Job, Progress

JobArgument = Annotated[str, typer.Argument(help="An id from: mtaa list jobs")]
_LOG_LINES = 12
_POLL_SECONDS = 1.0


def worker(
    gpus: Annotated[str, typer.Option(help="GPU numbers such as 0,1: one worker process for each.")] = "",
    name: Annotated[str, typer.Option(help="The worker's name; by default the machine's.")] = "",
    parent: Annotated[int, typer.Option(hidden=True)] = 0,
    device_name: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Do background jobs until stopped. What is interrupted goes on with the next start, or on another worker."""
    from mtaa.jobs import worker as workers

    if gpus:
        workers.work_on(workers.parse_gpus(gpus), name)
    else:
        workers.work(name, device_name or "all devices", parent)


def start(
    scenario: ScenarioOption = "mnist",
    name: Annotated[str, typer.Option(help="What the checkpoint will be called.")] = "mine",
    network: Annotated[str, typer.Option(help="forensic, or mtaa-paper-resnet18, -resnet50, -resnet101.")] = "forensic",
    start_from: Annotated[str, typer.Option("--from", help="A checkpoint whose weights to start from.")] = "",
    epochs: Annotated[int | None, typer.Option(min=1, help="Instead of the network's usual number.")] = None,
    seed: SeedOption = 0,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a checkpoint of this name.")] = False,
    description: Annotated[str, typer.Option(help="A sentence for the card.")] = "",
    device: Annotated[Device, typer.Option("--device", help="Where the worker computes.")] = "auto",
    key: Annotated[str, typer.Option(help="Asked twice with the same key, it is the one job.")] = "",
    json: JsonOption = False,
) -> None:
    """Queue a retraining: victims, examples, training, evaluation, map, checkpoint."""
    from mtaa.jobs import client, presence
    from mtaa.jobs.record import JobRequest
    from mtaa.scenario import load

    request = JobRequest(
        scenario=load(scenario),
        checkpoint=name,
        network=network,
        start=start_from,
        epochs=epochs,
        seed=seed,
        replace=replace,
        description=description,
        device=device,
        asked_by=_user(),
    )
    _print(client.start(request, key), json)
    if not json and not presence.alive():
        print("No worker is running, so the job waits; start one: mtaa worker")


def show(job: JobArgument, json: JsonOption = False) -> None:
    """How a job stands, with the end of its log."""
    from mtaa.jobs import client
    from mtaa.jobs.folder import JobFolder

    found = client.show(job)
    _print(found, json)
    if not json:
        for line in JobFolder(job).log_tail(_LOG_LINES):
            print(f"  {line}")


def wait(job: JobArgument) -> None:
    """Wait until a job is at rest, and say how it went. Exit code 2 unless it is done."""
    from mtaa.jobs import client
    from mtaa.jobs.record import ACTIVE

    while (found := client.show(job)).state in ACTIVE:
        time.sleep(_POLL_SECONDS)
    _print(found, False)
    if found.state != "done":
        raise typer.Exit(2)


def cancel(job: JobArgument, json: JsonOption = False) -> None:
    """Stop a job; whole epochs and shards stay."""
    from mtaa.jobs import client

    _print(client.cancel(job), json)


def pause(job: JobArgument, json: JsonOption = False) -> None:
    """Stop a job that is to go on later."""
    from mtaa.jobs import client

    _print(client.pause(job), json)


def resume(job: JobArgument, json: JsonOption = False) -> None:
    """Let a paused or cancelled job go on."""
    from mtaa.jobs import client

    _print(client.resume(job), json)


def retry(job: JobArgument, json: JsonOption = False) -> None:
    """Let a failed job go on with the step that failed."""
    from mtaa.jobs import client

    _print(client.retry(job), json)


def clone(
    job: JobArgument,
    name: Annotated[str, typer.Option(help="What the new checkpoint will be called.")],
    json: JsonOption = False,
) -> None:
    """Start a job like this one that makes another checkpoint."""
    from mtaa.jobs import client

    _print(client.clone(job, name, _user()), json)


def delete(job: JobArgument, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Forget a job at rest, its log and its half-trained network; its checkpoint and its examples stay."""
    from mtaa.jobs import client

    found = client.show(job)
    if not yes:
        typer.confirm(f"Delete {job}, {found.state}, of checkpoint {found.request.checkpoint}?", abort=True)
    client.delete(job)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return ""


def _print(job: Job, as_json: bool) -> None:
    if as_json:
        print(jsonlib.dumps(job.model_dump(mode="json"), ensure_ascii=False, indent=2))
        return
    request = job.request
    print(f"{job.id}: {job.state}, scenario {request.scenario.name}, checkpoint {request.checkpoint}")
    table = Table("stage", "state", "pieces", "seconds")
    for stage in job.stages:
        seconds = ((stage.ended or datetime.now(UTC)) - stage.began).total_seconds() if stage.began else None
        pieces = f"{stage.done} of {stage.total}" if stage.total else ""
        table.add_row(stage.name, stage.state, pieces, "" if seconds is None else f"{seconds:.0f}")
    Console().print(table)
    if job.progress:
        print(line(job.progress))
    if job.error:
        print(f"mtaa: {job.error}")


def line(progress: Progress) -> str:
    """Progress in one line: how far, how fast, how long still."""
    if not progress.total:
        return progress.task
    left = progress.seconds_left
    words = f"{progress.task}: {progress.done:,.0f} of {progress.total:,.0f} {progress.unit}, "
    words += f"{progress.rate:.3g} {progress.unit}/s"
    if left is not None:
        words += f", {left / 60:.0f} min left" if left >= 90 else f", {left:.0f} s left"
    return f"{words} {progress.message}".rstrip()
