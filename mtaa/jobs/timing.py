"""Timing one job's shards over growing numbers of workers, and the app's look at the jobs meanwhile."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy
import torch

from mtaa.bench import machine
from mtaa.bench.fanout import FanoutRecord, Kind, Run
from mtaa.bench.home import home
from mtaa.core import paths
from mtaa.core.errors import InputError, MtaaError
from mtaa.core.progress import Progress, Silent
from mtaa.dataset import plan
from mtaa.images import open_source
from mtaa.jobs import client, database, presence
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import Job, JobRequest, StageView
from mtaa.scenario.record import AttackSpec, CellCounts, Grid, ImagesSpec, Scenario
from mtaa.victims.store import read_card, write_card
from mtaa.victims.train import train

SIZES = (1, 2, 4)
LISTED = 50  # jobs in the list, the one at work included
SHARDS = 16
VICTIM = "tiny_a"
IMAGES = ImagesSpec(source="digits", channels=1, side=28)
POLL_SECONDS = 0.5
SETTING = (
    "PGD of 30 steps on a victim of two convolutions and scikit-learn's digits at 28 × 28; the list is read as by the "
    "page Retrain."
)


def scenario(seed: int) -> Scenario:
    """Exactly `SHARDS` shards but for one each to validate and test; another seed is other shards."""
    return Scenario(
        name="fan-out",
        images=IMAGES,
        victims=[VICTIM],
        attacks=[
            AttackSpec(
                name="pgd",
                intensities=Grid(start=40, stop=40, step=1),
                parameters={"step_size": 2, "steps": 30, "random_start": False},
            )
        ],
        examples=CellCounts(train=SHARDS * plan.ROWS, validation=1, test=1),
        seed=seed,
    )


def bench(sizes: Sequence[int] = SIZES, url: str = "", progress: Progress | None = None) -> FanoutRecord:
    """Run a job up to its training by each number of workers, in a temporary folder.

    `url` is that of an empty PostgreSQL database; without it, an SQLite file. Raises `InputError` where the database
    has jobs.
    """
    progress, runs = progress or Silent(), []
    steps = sum(shard.work for shard in plan.shards(scenario(0)))
    progress.start("fan-out", steps * len(sizes), "gradient steps")
    with tempfile.TemporaryDirectory(prefix="mtaa-") as folder, home(Path(folder), MTAA_DATABASE_URL=url):
        _refuse_a_full_one()
        train(open_source(IMAGES), VICTIM, device="cpu")
        card = read_card(IMAGES, VICTIM)
        card.reach = {"median": 0.0}  # no C&W here, so its reach need not be measured
        write_card(card)
        _fill(LISTED - 1)
        for size in sizes:
            progress.raise_if_cancelled()
            runs.append(_run("postgresql" if url else "sqlite", size))
            progress.advance(steps, f"{size} workers: {runs[-1].seconds:.1f} s")
        database._client(database.url()).destroy()
        database._client.cache_clear()
    progress.finish()
    return FanoutRecord(
        setting=SETTING,
        shards=sum(1 for _ in plan.shards(scenario(0))),
        steps=steps,
        environment=machine.environment(torch.device("cpu"), [], {}).model_copy(update={"threads": 1}),
        runs=runs,
    )


def _refuse_a_full_one() -> None:
    with database.reachable():
        full = database.exists() and sqlalchemy.inspect(database.engine(database.url())).has_table("mtaa_workers")
    if full:
        raise InputError("the database must be an empty one, got one with jobs; make another for the benchmark")


def _fill(count: int) -> None:
    for number in range(count):
        client.cancel(client.start(_request(0, f"listed-{number}")).id)


def _request(seed: int, checkpoint: str) -> JobRequest:
    return JobRequest(scenario=scenario(seed), checkpoint=checkpoint, device="cpu")


def _run(kind: Kind, size: int) -> Run:
    load = os.getloadavg()[0]
    with ExitStack() as stack:
        for number in range(size):
            stack.enter_context(_worker(f"bench-{number}"))
        job = client.start(_request(size, f"bench-{size}")).id
        polls = []
        while not _generated(shown := client.show(job)):
            began = time.perf_counter()
            listed = len(client.jobs())
            presence.workers()
            polls.append(1000 * (time.perf_counter() - began))
            time.sleep(POLL_SECONDS)
        told = JobFolder(job).progress("generate.*")
        client.cancel(job)
    client.delete(job)
    shutil.rmtree(paths.datasets())
    stage = _stage(shown)
    assert stage.began is not None
    assert stage.ended is not None
    return Run(
        database=kind,
        workers=size,
        seconds=(stage.ended - stage.began).total_seconds(),
        steps_per_second=sum(one.rate for one in told),
        listed=listed,
        polls=len(polls),
        poll_median=statistics.median(polls),
        poll_most=max(polls),
        load=load,
    )


def _generated(job: Job) -> bool:
    if job.state == "failed":
        raise MtaaError(f"the benchmark's job must not fail, got: {job.error}")
    return _stage(job).state == "done"


def _stage(job: Job) -> StageView:
    return next(stage for stage in job.stages if stage.name == "generate")


@contextmanager
def _worker(name: str) -> Iterator[None]:
    """A worker process of one thread that is ready."""
    command = [sys.executable, "-m", "mtaa.cli", "worker", "--name", name, "--parent", str(os.getpid())]
    process = subprocess.Popen(command, env={**os.environ, "MTAA_THREADS": "1"}, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if "is ready" not in process.stdout.readline():
            raise MtaaError(f"worker {name} must start, got one that did not; its lines say why")
        yield
    finally:
        process.terminate()
        process.wait()
