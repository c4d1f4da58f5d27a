"""A home with one small victim in it, workers started and killed, and jobs watched from outside."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mtaa.core import paths
from mtaa.jobs import client
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import Job, JobRequest, Stage
from mtaa.scenario.presets import parse

PATIENCE = 900.0  # seconds for anything to happen, on a machine that has other things to do
SCENARIO = parse(
    """
name: yard
images: {source: digits, channels: 1, side: 8}
victims: [tiny_a]
attacks:
  - name: fgsm
    intensities: {start: 60, stop: 120, step: 60}
  - name: pgd
    intensities: {start: 60, stop: 120, step: 60}
    parameters: {step_size: 2, steps: 150, random_start: false}
examples: {train: 66, validation: 10, test: 20}
clean: {train: 8, validation: 4, test: 8}
seed: 0
"""
)
SHARDS = 11


def request(checkpoint: str = "trial", epochs: int = 3, train: int = SCENARIO.examples.train) -> JobRequest:
    """A retraining that takes seconds, were it not for starting Python. `train` are the examples a cell."""
    examples = SCENARIO.examples.model_copy(update={"train": train})
    scenario = SCENARIO.model_copy(update={"examples": examples})
    return JobRequest(scenario=scenario, checkpoint=checkpoint, epochs=epochs, device="cpu")


@contextmanager
def worker(name: str = "one", **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A worker process that is ready; stopped at the end if it still lives."""
    command = [sys.executable, "-m", "mtaa.cli", "worker", "--name", name, "--parent", str(os.getpid())]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert "is ready" in process.stdout.readline()
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)


@contextmanager
def app(*options: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`mtaa up` in a process group of its own, answering at a port; all of the group is killed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mtaa.cli", "up", "--port", str(port), *options]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        until(lambda: answers(port), "an app")
        yield process, port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def answers(port: int) -> bool:
    """Whether an app answers at the port."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9."""
    process.kill()
    process.wait()


def children(stage: Stage | None = None) -> list[int]:
    """Processes that do pieces, of any job under this home."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
            home = f"MTAA_HOME={paths.home()}".encode() in (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if home and "mtaa.jobs.child" in words and stage in (None, words[words.index("mtaa.jobs.child") + 3]):
            found.append(int(entry.name))
    return found


def claims(worker: int) -> list[tuple[int, str]]:
    """What a worker, by its process number, is making just now: the numbers of its processes, each with its shard."""
    found = []
    for child in children("generate"):
        try:
            status = Path(f"/proc/{child}/status").read_text()
            held = [path.readlink().name for path in Path(f"/proc/{child}/fd").iterdir()]
        except OSError:
            continue
        if f"PPid:\t{worker}\n" in status:
            shards_held = [name.removeprefix(".").removesuffix(".claim") for name in held if name.endswith(".claim")]
            found += [(child, shard) for shard in shards_held]
    return found


def until(happened: Callable[[], bool], words: str, patience: float = PATIENCE) -> float:
    """Wait for it, and return the seconds it took."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < patience, f"{words} did not happen; {log()}"
        time.sleep(0.1)
    return time.monotonic() - began


def until_stage(job: str, stage: Stage) -> Job:
    """Wait until the stage is at work."""
    until(lambda: _at(client.show(job), stage), f"stage {stage}")
    return client.show(job)


def until_over(job: str) -> Job:
    """Wait until the job is at rest."""
    until(lambda: client.show(job).state not in ("queued", "running"), f"the end of {job}")
    return client.show(job)


def shards() -> dict[str, tuple[int, int]]:
    """The finished shards, and what tells one made again from one kept: its file and when it was written."""
    found = paths.datasets().glob("yard-*/shards/[!.]*.parquet")
    return {path.stem: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def epochs(job: str) -> list[int]:
    """Epochs finished, in order."""
    return [row["epoch"] for row in JobFolder(job).curves()]


def an_epoch_is_whole(job: str) -> bool:
    """Whether training could go on from where it is; the curves are written a moment before."""
    return (JobFolder(job).training / "last.ckpt").is_file()


def log() -> str:
    """All logs, for a failed test's message."""
    return "\n".join(path.read_text() for path in paths.jobs().glob("job-*/log.txt"))


def signal_all(pids: list[int], number: signal.Signals) -> None:
    """Send a signal to processes that may have ended."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _at(job: Job, stage: Stage) -> bool:
    assert job.state != "failed", f"{job.error}\n{log()}"
    return next(view for view in job.stages if view.name == stage).state in ("running", "done")
