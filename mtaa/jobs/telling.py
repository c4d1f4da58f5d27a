"""The progress of a process as a file that others read, and as plain lines for the log."""

import signal
import sys
import time
from pathlib import Path
from types import FrameType

from mtaa.core import files
from mtaa.core.errors import Cancelled
from mtaa.jobs.record import Progress

WRITE_SECONDS, SAY_SECONDS = 0.5, 10.0


class Telling:
    """What long work is handed in a job: it tells the file `path`, and stops between batches after a SIGTERM."""

    def __init__(self, path: Path):
        self._path = path
        self._stop = False
        self._task, self._unit, self._message = "", "", ""
        self._total, self._done, self._first = 0, 0, 0
        self._began = self._written = self._said = 0.0
        signal.signal(signal.SIGTERM, self._asked_to_stop)

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        self._task, self._unit, self._total, self._done, self._first = task, unit, total, done, done
        self._began = self._said = time.monotonic()
        self._write()

    def advance(self, amount: int = 1, message: str = "") -> None:
        self._done, self._message = self._done + amount, message or self._message
        now = time.monotonic()
        if now - self._written >= WRITE_SECONDS:
            self._write()
        if now - self._said >= SAY_SECONDS:
            self._said = now
            self._say()

    def finish(self) -> None:
        self._write()
        if self._total:
            self._say()

    def raise_if_cancelled(self) -> None:
        if self._stop:
            raise Cancelled("the job was asked to stop")

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop = True

    def _now(self) -> Progress:
        rate = (self._done - self._first) / max(1e-9, time.monotonic() - self._began)
        return Progress(
            task=self._task,
            unit=self._unit,
            done=self._done,
            total=self._total,
            first=self._first,
            rate=rate,
            seconds_left=(self._total - self._done) / rate if rate > 0 else None,
            message=self._message,
        )

    def _write(self) -> None:
        self._written = time.monotonic()
        files.write_json(self._path, self._now().model_dump(mode="json"))

    def _say(self) -> None:
        now = self._now()
        print(
            f"{now.task}: {now.done:,.0f} of {now.total:,.0f} {now.unit}, {now.rate:.3g} {now.unit}/s {now.message}",
            file=sys.stderr,
            flush=True,
        )
