"""Progress on a terminal as a bar, elsewhere as plain lines now and then."""

import sys
import time

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

PLAIN_SECONDS = 10.0


class Terminal:
    """What a command hands to long work: it shows done, rate and what is left, on stderr."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[message]}"),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self._task: TaskID | None = None
        self._name, self._unit, self._total, self._done, self._first = "", "", 0, 0, 0
        self._began = self._said = 0.0

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        self._name, self._unit, self._total, self._done, self._first = task, unit, total, done, done
        self._began = self._said = time.monotonic()
        self._bar.start()
        self._task = self._bar.add_task(task, total=total, completed=done, rate="", message="")

    def advance(self, amount: int = 1, message: str = "") -> None:
        self._done += amount
        if self._task is not None:
            self._bar.update(self._task, completed=self._done, rate=self._rate(), message=message)
        if self._bar.disable and time.monotonic() - self._said >= PLAIN_SECONDS:
            self._said = time.monotonic()
            print(f"{self._line()}{self._left()} {message}", file=sys.stderr)

    def finish(self) -> None:
        self._bar.stop()
        if self._bar.disable and self._total:
            print(self._line(), file=sys.stderr)

    def raise_if_cancelled(self) -> None:
        """Ctrl-C raises by itself."""

    def _line(self) -> str:
        return f"{self._name}: {self._done:,} of {self._total:,} {self._unit}, {self._rate()}"

    def _speed(self) -> float:
        return (self._done - self._first) / max(1e-9, time.monotonic() - self._began)

    def _rate(self) -> str:
        return f"{self._speed():,.0f} {self._unit}/s" if self._speed() >= 10 else f"{self._speed():.2g} {self._unit}/s"

    def _left(self) -> str:
        minutes = (self._total - self._done) / max(1e-9, self._speed()) / 60
        return f", {minutes:.0f} min left" if minutes < 600 else f", {minutes / 60:.0f} h left"
