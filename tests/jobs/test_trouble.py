"""What a disk, a file or a name can do to a job: it fails with one sentence, and goes on once that is mended."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from mtaa.core import paths
from mtaa.jobs import client
from mtaa.jobs.folder import JobFolder
from tests.jobs.yard import children, epochs, request, shards, until, until_over, until_stage, worker

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


def test_a_broken_shard_is_found_and_made_again(yard: Path) -> None:
    first = client.start(request()).id
    with worker():
        until_stage(first, "train")
        client.cancel(first)
        (folder,) = paths.datasets().glob("yard-*")
        broken = folder / "shards" / "train-fgsm-tiny_a-0000.parquet"
        content = bytearray(broken.read_bytes())
        content[len(content) // 2] ^= 255
        broken.write_bytes(content)
        second = client.start(request("other")).id
        failed = until_over(second)
        assert (failed.state, failed.stage) == ("failed", "validate")
        assert "got 1 faults (train-fgsm-tiny_a-0000.parquet has another hash" in failed.error
        assert failed.error.endswith("delete what is broken and the manifest, then retry the job")
        kept = shards()
        broken.unlink()
        (folder / "manifest.json").unlink()
        client.retry(second)
        until_stage(second, "train")
        made = shards()
        assert made.keys() == kept.keys()
        assert {name for name in kept if made[name] != kept[name]} == {broken.stem}
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
