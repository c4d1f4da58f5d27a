"""Sharing work among processes of one thread each, with one progress report and one end."""

import multiprocessing
import queue
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import torch

from mtaa.core.errors import Cancelled, MtaaError
from mtaa.core.progress import Progress

TICK_SECONDS = 0.2


def share(work: Callable[..., None], arguments: tuple[Any, ...], workers: int, progress: Progress) -> None:
    """Run `work(*arguments, progress)` in `workers` new processes until all have ended.

    `work` divides the task itself. What its processes report is passed on to `progress`; when one fails or the work
    is cancelled, all are stopped. Raises `MtaaError` with the reason of the first that failed.
    """
    context = multiprocessing.get_context("spawn")
    reports = context.Queue()
    processes = [context.Process(target=_run, args=(work, arguments, reports), daemon=True) for _ in range(workers)]
    try:
        with _no_script():
            for process in processes:
                process.start()
        while not reports.empty() or any(process.is_alive() for process in processes):
            progress.raise_if_cancelled()
            try:
                said = reports.get(timeout=TICK_SECONDS)
            except queue.Empty:
                _check(processes)
                continue
            if isinstance(said, str):
                raise MtaaError(said)
            progress.advance(*said)
        _check(processes)
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
        for process in processes:
            if process.pid is not None:
                process.join()


@contextmanager
def _no_script() -> Iterator[None]:
    """A new process would first run the script that started this one again; `work` needs nothing of it."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _check(processes: list[Any]) -> None:
    if died := [process.exitcode for process in processes if process.exitcode]:
        raise MtaaError(
            f"a worker process must live to its end, got exit code {died[0]}; the same command goes on from there, "
            "with fewer workers if memory was short"
        )


def _run(work: Callable[..., None], arguments: tuple[Any, ...], reports: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that what is half-written is swept away
    torch.set_num_threads(1)
    try:
        work(*arguments, _Relay(reports))
    except Cancelled:
        pass
    except MtaaError as error:
        reports.put(str(error))


class _Relay:
    """The progress of a worker: reports to its parent, and stops when that is gone."""

    def __init__(self, reports: Any):
        self._reports = reports

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        pass

    def advance(self, amount: int = 1, message: str = "") -> None:
        self._reports.put((amount, message))

    def finish(self) -> None:
        pass

    def raise_if_cancelled(self) -> None:
        parent = multiprocessing.parent_process()
        if parent is not None and not parent.is_alive():
            raise Cancelled("the process that shared the work has ended")
