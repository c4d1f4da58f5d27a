"""Several workers, and their ends."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.dataset import plan
from mtaa.jobs import client, presence
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import ACTIVE
from tests.jobs import yard as yards
from tests.jobs.yard import app, children, claims, kill, request, shards, until, until_stage, worker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

LARGE = 330  # examples a cell to train on: five times the yard's shards, for four workers


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both databases."""
    if request.param == "postgresql":
        monkeypatch.setenv("MTAA_DATABASE_URL", request.getfixturevalue("postgres"))
    return str(request.param)


@pytest.mark.usefixtures("kept_in")
def test_a_dead_workers_job_is_taken_over_by_another(yard: Path) -> None:
    with worker("one") as one:
        job = client.start(request()).id
        until(lambda: len(shards()) >= 2, "two shards")
        kept = shards()
        with worker("two"):
            kill(one)
            until_stage(job, "train")
            assert client.show(job).workers == ["two"]
            assert {name: shards()[name] for name in kept} == kept
            assert len(shards()) == yards.SHARDS
            assert [one.name for one in presence.workers() if one.alive] == ["two"]
            client.cancel(job)
            until(lambda: not children(), "the end of its children", 10)


def test_two_workers_share_the_shards_of_one_job(yard: Path) -> None:
    with worker("one"), worker("two"):
        job = client.start(request()).id
        until_stage(job, "train")
        (generate,) = [stage for stage in client.show(job).stages if stage.name == "generate"]
        assert (generate.done, generate.total) == (2, 2)
        lines = JobFolder(job).log_tail(500)
        assert sum("generate 0 begins" in line or "generate 1 begins" in line for line in lines) == 2
        assert len(shards()) == yards.SHARDS
        client.cancel(job)


def test_a_second_job_waits_for_the_first(yard: Path) -> None:
    first, second = client.start(request()).id, client.start(request("other")).id
    with worker():
        until_stage(first, "validate")
        time.sleep(2)
        assert (client.show(first).state, client.show(second).state) == ("running", "queued")
        client.cancel(first)
        until_stage(second, "validate")
        client.cancel(second)


def test_a_worker_that_is_asked_to_stop_leaves_no_process_and_no_outcome(yard: Path) -> None:
    job = client.start(request()).id
    with worker() as process:
        until(lambda: len(children("validate")) == 1, "a child")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert not children()
    assert presence.workers() == []
    assert client.show(job).state == "queued"
    with worker("another"):
        until_stage(job, "generate")
        client.cancel(job)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_up_starts_an_app_with_a_worker_and_both_end_together(yard: Path, end: signal.Signals) -> None:
    with app() as (process, _):
        until(lambda: bool(presence.alive()), "a worker")
        assert presence.alive() == {presence.default_name()}
        process.send_signal(end)
        process.wait(20)
        until(lambda: not presence.workers(), "the end of the worker", 20)
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
    assert not list(paths.jobs().glob("job-*"))


def test_of_four_workers_on_postgresql_one_is_killed_in_mid_shard_and_nothing_is_done_twice(
    yard: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTAA_DATABASE_URL", postgres)
    names = ["one", "two", "three", "four"]
    versions: dict[str, set[tuple[int, int]]] = {}

    def watched(happened: Callable[[], bool]) -> bool:
        """Notes every version of a shard's file that there ever is."""
        for name, version in shards().items():
            versions.setdefault(name, set()).add(version)
        time.sleep(0.4)  # looking costs what the workers could use
        return happened()

    with ExitStack() as stack:
        workers = {name: stack.enter_context(worker(name)) for name in names}
        job = client.start(request(epochs=1, train=LARGE)).id
        planned = {shard.name for shard in plan.shards(client.show(job).request.scenario)}
        until(lambda: watched(lambda: set(client.show(job).workers) == set(names)), "four workers at it")
        cut: list[tuple[str, str]] = []

        def is_stopped_at_a_shard() -> bool:
            for name, process in workers.items():
                for child, shard in claims(process.pid) if len(shards()) >= 2 else []:
                    os.kill(child, signal.SIGSTOP)
                    if (child, shard) in claims(process.pid) and shard not in shards():
                        cut.append((name, shard))
                        return True
                    os.kill(child, signal.SIGCONT)
            return False

        until(lambda: watched(is_stopped_at_a_shard), "a shard in the making")
        ((name, shard),) = cut
        kill(workers[name])
        assert shard not in shards()
        until(lambda: watched(lambda: client.show(job).state not in ACTIVE), f"the end of {job}")
        done = client.show(job)
        assert (done.state, done.error) == ("done", "")
        assert [one.name for one in presence.workers() if one.alive] == sorted(set(names) - {name})
    assert versions.keys() == shards().keys() == planned
    assert {shard for shard, seen in versions.items() if len(seen) > 1} == set()
    (generate,) = [stage for stage in done.stages if stage.name == "generate"]
    assert (generate.done, generate.total) == (4, 4)
    lines = [line.split("UTC  ")[-1] for line in JobFolder(job).log_tail(10_000)]
    assert lines.count("train begins") == lines.count("register begins") == lines.count("register is done") == 1
    assert cards.names() == ["trial"]
    assert cards.read("trial").training["job"] == job
    assert sorted(path.name for path in paths.checkpoints().iterdir()) == ["trial", "victims"]
