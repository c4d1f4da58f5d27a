"""Whatever is killed, a job goes on from whole shards and whole epochs, and ends with one checkpoint."""

import signal
from pathlib import Path

import pytest

from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.errors import InputError
from mtaa.jobs import client
from mtaa.jobs.folder import JobFolder
from tests.jobs import yard as yards
from tests.jobs.yard import children, epochs, kill, request, shards, until, until_over, until_stage, worker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def test_a_worker_killed_in_generation_and_in_training_loses_nothing(yard: Path) -> None:
    job = client.start(request()).id
    with worker() as first:
        until(lambda: len(shards()) >= 3, "three shards")
        kill(first)
    until(lambda: not children(), "the end of its children", 5)
    kept = shards()
    assert 3 <= len(kept) < yards.SHARDS
    assert client.show(job).state in ("queued", "running")  # whichever: nobody knows yet that the worker is dead
    with worker() as second:
        until(lambda: yards.an_epoch_is_whole(job), "an epoch")
        made = shards()
        assert len(made) == yards.SHARDS
        assert {name: made[name] for name in kept} == kept
        kill(second)
    until(lambda: not children(), "the end of its children", 5)
    with worker():
        done = until_over(job)
    assert (done.state, done.stage, done.error) == ("done", "register", "")
    assert [stage.state for stage in done.stages] == ["done"] * 7
    assert shards() == made
    assert epochs(job) == [1, 2, 3]
    (told,) = JobFolder(job).progress("train")
    assert told.first >= told.total / 3  # it went on after the epoch that was whole
    assert cards.names() == ["trial"]
    card = cards.read("trial")
    assert card.training["job"] == job
    assert card.signatures_sha256 == files.sha256_file(cards.folder("trial") / cards.SIGNATURES)
    assert [row["epoch"] for row in card.training["curves"]] == [1, 2, 3]
    assert (paths.results() / "evaluation-trial.json").is_file()
    assert sorted(path.name for path in paths.checkpoints().iterdir()) == ["trial", "victims"]
    assert not list(JobFolder(job).training.glob("*.ckpt"))
    with pytest.raises(InputError, match="must be new, got trial"):
        client.start(request())
    client.delete(job)
    assert cards.names() == ["trial"]


def test_a_training_child_that_is_killed_is_started_again(yard: Path) -> None:
    job = client.start(request()).id
    with worker():
        until(lambda: yards.an_epoch_is_whole(job), "an epoch")
        yards.signal_all(children("train"), signal.SIGKILL)
        until_stage(job, "evaluate")
        assert epochs(job) == [1, 2, 3]
        assert any("train was cut off (signal SIGKILL)" in line for line in JobFolder(job).log_tail(200))
        client.cancel(job)


@pytest.mark.parametrize("stage", ["generate", "train"])
def test_a_cancelled_job_ends_within_three_seconds_and_can_go_on(yard: Path, stage: str) -> None:
    job = client.start(request(epochs=6)).id
    with worker():
        if stage == "generate":
            until(lambda: len(shards()) >= 2, "two shards")
        else:
            until(lambda: yards.an_epoch_is_whole(job), "an epoch")
        assert children()
        assert client.cancel(job).state == "cancelled"
        seconds = until(lambda: not children(), "the end of its children", 10)
        print(f"cancelled in {stage}: {seconds:.1f} s")
        assert seconds < 3
        kept, before = shards(), epochs(job)
        assert not [path for path in paths.datasets().rglob(".*.parquet.*")]
        assert client.resume(job).state == "queued"
        until_stage(job, "evaluate" if stage == "train" else "train")
        assert {name: shards()[name] for name in kept} == kept
        assert epochs(job)[: len(before)] == before
        client.cancel(job)
        until(lambda: not children(), "the end of its children", 10)
        client.delete(job)
        assert not JobFolder(job).path.exists()
