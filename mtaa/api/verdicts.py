"""Verdicts on images."""

from typing import TYPE_CHECKING

from mtaa.core.support import Support
from mtaa.core.verdict import Derived, Inferred, Intensity, Observed, Ranking, Refusal, Verdict

if TYPE_CHECKING:
    from mtaa.attribution import Attributor

__all__ = [
    "Derived",
    "Inferred",
    "Intensity",
    "Observed",
    "Ranking",
    "Refusal",
    "Support",
    "Verdict",
    "open_attributor",
]


def open_attributor(name: str) -> "Attributor":
    """Load a checkpoint; the first call of a process loads torch and takes seconds.

    Raises `UnknownNameError` or `IntegrityError`.
    """
    from mtaa.attribution import Attributor

    return Attributor.open(name)
