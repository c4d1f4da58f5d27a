"""Running a piece of a job in processes of their own: heard, logged, and never left behind."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from typing import Any

from mtaa.core.errors import MtaaError
from mtaa.jobs.folder import JobFolder

GRACE_SECONDS = 1.0  # with the engine's second until it notices a cancelling, within three
ATTEMPTS = 3
MOST_PROCESSES = 8  # each needs about 1 GB
_TAIL = 4096
_REFUSED = 2

stopping = threading.Event()
_running: set[asyncio.subprocess.Process] = set()


def cores() -> int:
    """How many threads a worker's processes may use in all: one core is left to the app, the rest is shared out.

    `MTAA_THREADS` says otherwise; `mtaa worker --gpus` sets it for each of its workers.
    """
    given = os.environ.get("MTAA_THREADS", "")
    return max(1, int(given)) if given.isdigit() else max(1, (os.cpu_count() or 1) - 1)


async def run(job: str, stage: str, argument: str) -> Any:
    """Do one piece and return its outcome. Raises `MtaaError` with one sentence.

    A process that is killed is started again, and goes on from whole files; after `ATTEMPTS` it counts as failed.
    """
    count = min(MOST_PROCESSES, cores()) if stage == "generate" else 1
    threads = 1 if stage == "generate" else cores()
    folder = JobFolder(job)
    folder.scratch.mkdir(parents=True, exist_ok=True)
    folder.forget_progress(f"{stage}.{argument}" if argument else stage)
    parts = [asyncio.create_task(_part(folder, stage, argument, part, threads)) for part in range(count)]
    try:
        return (await asyncio.gather(*parts))[0]
    finally:
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


async def _part(folder: JobFolder, stage: str, argument: str, part: int, threads: int) -> Any:
    label = f"{stage} {argument}".strip() + (f" ({part + 1})" if part else "")
    for _ in range(ATTEMPTS):
        _log(folder, f"{label} begins")
        try:
            code, said, complaint = await _process(folder, stage, argument, part, threads)
        except asyncio.CancelledError:
            _log(folder, f"{label} was stopped")
            raise
        if code == 0:
            _log(folder, f"{label} is done")
            return json.loads(said) if said.strip() else None
        if code == _REFUSED:
            _log(folder, f"{label} failed")
            raise MtaaError(complaint.removeprefix("mtaa: "))
        _log(folder, f"{label} was cut off ({_cause(code)})")
    raise MtaaError(
        f"stage {stage} must live to its end, got {_cause(code)} {ATTEMPTS} times; the log says more, and if memory "
        "was short, free some; then retry the job"
    )


async def _process(folder: JobFolder, stage: str, argument: str, part: int, threads: int) -> tuple[int, bytes, str]:
    """Exit code, what was said on stdout, and the last line of stderr."""
    if stopping.is_set():
        await asyncio.Event().wait()
    child = (str(os.getpid()), folder.path.name, stage, str(part), argument)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "mtaa.jobs.child", *child),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # Temporary files beside what they become: a rename from another disk is a copy that can be cut off.
        env={**os.environ, "OMP_NUM_THREADS": str(threads), "TMPDIR": str(folder.scratch.absolute())},
    )
    _running.add(process)
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        said, tail = await asyncio.gather(process.stdout.read(), _keep(process.stderr, folder))
        code = await process.wait()
        if stopping.is_set():
            await asyncio.Event().wait()  # the worker ends: nothing of this may count as an outcome
        lines = [line for line in tail.decode(errors="replace").splitlines() if line.strip()]
        return code, said, lines[-1] if lines else ""
    finally:
        _running.discard(process)
        await _end(process)


async def _keep(stream: asyncio.StreamReader, folder: JobFolder) -> bytes:
    tail = b""
    while text := await stream.read(65_536):
        tail = (tail + text)[-_TAIL:]
        with contextlib.suppress(OSError):  # a full disk must not end the job over its log
            await asyncio.to_thread(folder.append_log, text)
    return tail


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            await asyncio.wait_for(asyncio.shield(process.wait()), GRACE_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


def end_all() -> None:
    """End every process, for a worker that stops: what they did counts for nothing, and is done again elsewhere."""
    stopping.set()
    for number, patience in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, GRACE_SECONDS)):
        for process in list(_running):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, number)
        waited = threading.Event()
        for _ in range(20):
            if all(process.returncode is not None for process in list(_running)):
                return
            waited.wait(patience / 20)


def _log(folder: JobFolder, text: str) -> None:
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    with contextlib.suppress(OSError):
        folder.append_log(f"{moment} UTC  {text}\n".encode())


def _cause(code: int) -> str:
    if code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
