"""What mapping libraries print, read as progress: neither of them calls anybody back."""

import io
import re

from mtaa.core.progress import Progress


class Heard(io.TextIOBase):
    """A stream that swallows text and tells how far it says that a task is.

    pattern: one group, the number of steps done; where `total` is not known, a second one with their total.
    Writing raises `Cancelled` when the work should stop, which ends the library that prints.
    """

    def __init__(self, progress: Progress, task: str, pattern: str, total: int = 0):
        self._progress, self._task, self._pattern, self._total = progress, task, re.compile(pattern), total
        self._done: int | None = None

    def write(self, text: str) -> int:
        self._progress.raise_if_cancelled()
        for found in self._pattern.finditer(text):
            if self._done is None:
                self._progress.start(self._task, self._total or int(found[2]), "steps")
                self._done = 0
            if (done := int(found[1])) > self._done:
                self._progress.advance(done - self._done)
                self._done = done
        return len(text)
