"""How long work took, interruptions left out and interrupted runs counted."""

import time
from pathlib import Path

from mtaa.core import files
from mtaa.core.progress import Progress

KEPT_EVERY = 5.0  # seconds; what a `kill -9` may cost


class Clock:
    """Hands progress on, with `name` before each task, and keeps the seconds since `start` in the file `path`."""

    def __init__(self, inner: Progress, name: str, path: Path):
        self._inner, self._name, self._path = inner, name, path
        self.seconds: float = files.read_json(path)["seconds"] if path.is_file() else 0.0
        self._kept = time.perf_counter()

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        self._inner.start(f"{self._name}, {task}", total, unit, done)

    def advance(self, amount: int = 1, message: str = "") -> None:
        self._inner.advance(amount, message)
        if time.perf_counter() - self._kept > KEPT_EVERY:
            self.keep()

    def finish(self) -> None:
        self.keep()
        self._inner.finish()

    def raise_if_cancelled(self) -> None:
        self._inner.raise_if_cancelled()

    def keep(self) -> None:
        """Write what has passed so far."""
        now = time.perf_counter()
        self.seconds, self._kept = self.seconds + now - self._kept, now
        files.write_json(self._path, {"seconds": round(self.seconds, 3)})
