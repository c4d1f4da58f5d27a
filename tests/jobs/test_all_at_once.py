"""The app dies, alone or with everything else: what it started is gone at once, and a new start goes on from there."""

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.jobs import client, presence
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import STAGES
from tests.jobs import yard as yards
from tests.jobs.yard import app, children, epochs, request, shards, until, until_over, until_stage, worker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def test_an_app_killed_in_mid_job_takes_its_worker_along_and_the_next_one_goes_on(yard: Path) -> None:
    job = client.start(request()).id
    with app() as (process, _):
        until(lambda: len(shards()) >= 2, "two shards")
        process.kill()  # it alone: the worker must see for itself that it is gone
        process.wait()
        until(lambda: not children() and not presence.workers(), "the end of worker and children", 20)
        kept = shards()
        assert len(kept) < yards.SHARDS
        assert client.show(job).state == "queued"
    with app():
        until_stage(job, "train")
        assert {name: shards()[name] for name in kept} == kept
        client.cancel(job)
        until(lambda: not children(), "the end of its children", 10)


def test_an_app_killed_beside_a_worker_of_its_own_leaves_the_job_alone(yard: Path) -> None:
    job = client.start(request()).id
    with worker(), app("--no-worker") as (process, _):
        until(lambda: len(shards()) >= 2, "two shards")
        before = children()
        process.kill()
        process.wait()
        assert children("generate") == before
        until_stage(job, "train")
        lines = JobFolder(job).log_tail(100)
        assert not [line for line in lines if "cut off" in line or "stopped" in line]
        client.cancel(job)
        until(lambda: not children(), "the end of its children", 10)


@pytest.mark.parametrize("stage", ["generate", "train"])
def test_everything_killed_at_once_goes_on_from_whole_shards_and_epochs(yard: Path, stage: str) -> None:
    job = client.start(request()).id
    with app() as (process, _):
        if stage == "generate":
            until(lambda: len(shards()) >= 2, "two shards")
        else:
            until(lambda: yards.an_epoch_is_whole(job), "an epoch")
        assert children(stage)
        os.killpg(process.pid, signal.SIGKILL)
        until(lambda: not children(), "the end of its children", 5)
        kept, before = shards(), epochs(job)
    with sqlite3.connect(paths.jobs() / "jobs.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with app():
        done = until_over(job)
    assert (done.state, done.error) == ("done", "")
    assert {name: shards()[name] for name in kept} == kept
    assert epochs(job)[: len(before)] == before
    assert epochs(job) == [1, 2, 3]
    assert cards.names() == ["trial"]
    assert cards.read("trial").training["job"] == job
    lines = [line.split("UTC  ")[-1] for line in JobFolder(job).log_tail(1000)]
    assert lines.count("register is done") == 1


def test_everything_killed_once_in_each_stage_still_ends_with_one_checkpoint(yard: Path) -> None:
    asked = request(epochs=2, train=20)
    scenario = asked.scenario.model_copy(update={"victims": ["tiny_a", "tiny_b"]})  # of which one is missing
    job = client.start(asked.model_copy(update={"scenario": scenario})).id
    for stage in STAGES:
        with app() as (process, _):
            until(lambda stage=stage: bool(children(stage)), f"stage {stage}")
            os.killpg(process.pid, signal.SIGKILL)
            until(lambda: not children(), "the end of its children", 5)
    with app():
        done = until_over(job)
    assert (done.state, done.error) == ("done", "")
    lines = [line.split("UTC  ")[-1] for line in JobFolder(job).log_tail(1000)]
    for stage in STAGES:
        label = f"{stage} tiny_b" if stage == "victims" else f"{stage} 0" if stage == "generate" else stage
        assert lines.count(f"{label} begins") >= 2, label
        assert lines.count(f"{label} is done") == 1, label
    assert epochs(job) == [1, 2]
    assert cards.names() == ["trial"]
    assert sorted(path.name for path in paths.checkpoints().iterdir()) == ["trial", "victims"]
    assert (paths.results() / "evaluation-trial.json").is_file()
