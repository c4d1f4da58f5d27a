"""Why a model that somebody brings can't be a victim."""

from typing import Literal

from mtaa.core.errors import InputError

Part = Literal["name", "file", "architecture", "side", "mean", "std"]


class Refused(InputError):
    """`part` is what of the given is at fault, so that a form can say it there."""

    def __init__(self, part: Part, words: str):
        super().__init__(words)
        self.part = part


def line(error: Exception) -> str:
    """The first line of a library's error, or its kind where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
