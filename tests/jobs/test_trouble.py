"""What a disk, a file or a name can do to a job: it fails with one sentence, and goes on once that is mended."""

import hashlib
import os
import resource
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from mtaa.core import paths
from mtaa.core.errors import MtaaError
from mtaa.jobs import client, presence
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.launch import ATTEMPTS
from tests.jobs.yard import (
    SHARDS,
    an_epoch_is_whole,
    children,
    epochs,
    request,
    shards,
    signal_all,
    until,
    until_over,
    until_stage,
    worker,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def mounted(folder: Path, size: str) -> None:
    """A disk of its own for `folder`, of `size`; again, to enlarge it."""
    folder.mkdir(parents=True, exist_ok=True)
    again = "remount," if os.path.ismount(folder) else ""
    command = ["mount", "-t", "tmpfs", "-o", f"{again}size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")


@pytest.mark.parametrize("stage", ["generate", "train"])
def test_a_full_disk_is_one_sentence_and_with_room_the_job_goes_on(yard: Path, stage: str) -> None:
    key = "full"
    job = f"job-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    # Shards need some 200 kB, the network and what Adam knows of it some 10 MB.
    disk, small = (paths.datasets(), "24k") if stage == "generate" else (JobFolder(job).path, "1m")
    mounted(disk, small)
    try:
        assert client.start(request(epochs=1), key).id == job
        with worker():
            failed = until_over(job)
            assert (failed.state, failed.stage) == ("failed", stage)
            assert failed.error.startswith(f"the disk under {paths.home()} must have room, got a full one; free some")
            mounted(disk, "200m")
            kept = shards()
            assert client.retry(job).state == "queued"
            until_stage(job, "train" if stage == "generate" else "evaluate")
            assert {name: shards()[name] for name in kept} == kept
            if stage == "train":
                assert epochs(job) == [1]
            client.cancel(job)
            until(lambda: not children(), "the end of its children", 10)
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=False)


@pytest.mark.parametrize("broken", ["flipped", "cut"])
def test_a_broken_shard_is_found_and_made_again(yard: Path, broken: str) -> None:
    first = client.start(request()).id
    with worker():
        until_stage(first, "train")
        client.cancel(first)
        (folder,) = paths.datasets().glob("yard-*")
        path = folder / "shards" / "train-fgsm-tiny_a-0000.parquet"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 255
        path.write_bytes(content if broken == "flipped" else content[:-100])
        kept = shards()
        second = client.start(request("other")).id
        until_stage(second, "train")
        made = shards()
        assert made.keys() == kept.keys()
        assert {name for name in kept if made[name] != kept[name]} == {path.stem}
        said = [line for line in JobFolder(second).log_tail(200) if line.startswith(path.name)]
        assert said == [f"{path.name} has another hash than the manifest says; it was removed and is made again"]
        client.cancel(second)


def test_a_scenario_that_cannot_be_is_refused_by_the_first_stage(yard: Path) -> None:
    wanted = request()
    wrong = wanted.scenario.model_copy(update={"victims": ["tiny_z"]})
    job = client.start(wanted.model_copy(update={"scenario": wrong})).id
    with worker():
        failed = until_over(job)
    assert (failed.state, failed.stage) == ("failed", "validate")
    assert "victims.0: victim 'tiny_z' is unknown; did you mean" in failed.error
    assert any("tiny_z" in line for line in JobFolder(job).log_tail(20))


def test_a_victim_that_is_not_what_its_card_says_fails_the_job_until_it_is_restored(yard: Path) -> None:
    (weights,) = paths.victims().glob("*/*.safetensors")
    kept = weights.read_bytes()
    weights.write_bytes(kept[:-1] + bytes([kept[-1] ^ 255]))
    job = client.start(request(epochs=1)).id
    with worker():
        failed = until_over(job)
        assert (failed.state, failed.stage) == ("failed", "generate")
        assert failed.error.endswith("has another hash than its card says; restore it")
        assert not [name for name in shards() if "tiny_a" in name]
        weights.write_bytes(kept)
        client.retry(job)
        until_stage(job, "train")
        client.cancel(job)


def test_a_process_that_the_system_kills_again_and_again_fails_the_job_which_goes_on_later(yard: Path) -> None:
    """As the kernel does where memory is short."""
    job = client.start(request(epochs=1)).id
    with worker():
        killed: set[int] = set()
        while len(killed) < ATTEMPTS:
            until(lambda: bool(set(children("validate")) - killed), "another attempt")
            fresh = set(children("validate")) - killed
            signal_all(list(fresh), signal.SIGKILL)
            killed.update(fresh)
        failed = until_over(job)
        assert (failed.state, failed.stage) == ("failed", "validate")
        assert failed.error.startswith("stage validate must live to its end, got signal SIGKILL 3 times")
        client.retry(job)
        until_stage(job, "generate")
        client.cancel(job)


def test_a_database_that_another_program_locks_for_long_holds_the_job_up_and_no_more(yard: Path) -> None:
    job = client.start(request(epochs=1)).id
    with worker():
        until(lambda: len(shards()) >= 2, "two shards")
        with closing(sqlite3.connect(paths.jobs() / "jobs.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            until(lambda: presence.workers()[0].seconds_since > presence.DEAD_SECONDS + 5, "a worker that is not heard")
            assert client.show(job).state == "queued"  # as far as anybody can tell
            with pytest.raises(MtaaError, match=r"jobs\.sqlite must be free, got one locked by another program"):
                client.cancel(job)
            kept = shards()
            other.execute("ROLLBACK")
        until_stage(job, "evaluate")
        assert {name: shards()[name] for name in kept} == kept
        lines = [line.split("UTC  ")[-1] for line in JobFolder(job).log_tail(1000)]
        assert lines.count("train is done") == lines.count("generate 0 is done") == 1
        client.cancel(job)


def test_a_shard_cut_short_while_others_are_made_is_made_again_by_the_same_job(yard: Path) -> None:
    job = client.start(request(epochs=1)).id
    with worker():
        until(lambda: len(shards()) >= 3, "three shards")
        (folder,) = paths.datasets().glob("yard-*")
        name = next(iter(shards()))
        path = folder / "shards" / f"{name}.parquet"
        path.write_bytes(path.read_bytes()[:-100])
        kept = shards()
        until_stage(job, "evaluate")
        made = shards()
        assert len(made) == SHARDS
        assert {one for one in kept if made[one] != kept[one]} == {name}
        said = [line for line in JobFolder(job).log_tail(1000) if line.startswith(path.name)]
        assert len(said) == 1
        assert said[0].endswith("it was removed and is made again")
        client.cancel(job)


def test_memory_that_runs_out_in_training_is_one_sentence_and_with_more_the_job_goes_on(yard: Path) -> None:
    job = client.start(request(epochs=40)).id
    # Else the C library may serve every later step from blocks that it kept, and no limit on new ones is ever met.
    with worker(MALLOC_MMAP_THRESHOLD_="65536"):
        until(lambda: an_epoch_is_whole(job), "an epoch")
        (child,) = children("train")
        resource.prlimit(child, resource.RLIMIT_DATA, (1, 1))  # not a page more that can be written to
        failed = until_over(job)
        assert (failed.state, failed.stage) == ("failed", "train")
        assert failed.error.startswith("memory must suffice for stage train, got too little; free some")
        before = epochs(job)
        client.retry(job)
        until(lambda: len(epochs(job)) > len(before), "another epoch")
        assert epochs(job)[: len(before)] == before
        client.cancel(job)
        until(lambda: not children(), "the end of its children", 10)
