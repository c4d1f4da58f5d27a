"""How long work tells where it is, and how it is asked to stop."""

from typing import Protocol


class Progress(Protocol):
    """What long work is handed. The core never knows whether a terminal, a page or nobody listens."""

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        """A task begins, of which `done` of `total` units exist already."""

    def advance(self, amount: int = 1, message: str = "") -> None:
        """`amount` more units are done."""

    def finish(self) -> None:
        """The task is over."""

    def raise_if_cancelled(self) -> None:
        """Raises `Cancelled` when the work should stop; called between batches."""


class Silent:
    """Listens to nothing and never cancels."""

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        pass

    def advance(self, amount: int = 1, message: str = "") -> None:
        pass

    def finish(self) -> None:
        pass

    def raise_if_cancelled(self) -> None:
        pass
