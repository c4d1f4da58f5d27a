"""Verdicts on images."""

from typing import TYPE_CHECKING

from mtaa.core.answers import Answer, answers
from mtaa.core.prior import posterior, worked
from mtaa.core.prior import told as told_prior
from mtaa.core.support import Support
from mtaa.core.verdict import Derived, Inferred, Intensity, Observed, Ranking, Refusal, Verdict
from mtaa.scenario.presets import learnt_share

if TYPE_CHECKING:
    from mtaa.attribution import Attributor

__all__ = [
    "Answer",
    "Derived",
    "Inferred",
    "Intensity",
    "Observed",
    "Ranking",
    "Refusal",
    "Support",
    "Verdict",
    "answers",
    "learnt_share",
    "open_attributor",
    "posterior",
    "told_prior",
    "worked",
]


def preload() -> None:
    """Import what judges images and describes scenarios, and with it torch: whoever asks first need not wait."""
    import mtaa.attacks
    import mtaa.attribution
    import mtaa.victims  # noqa: F401


def open_attributor(name: str) -> "Attributor":
    """Load a checkpoint; the first call of a process loads torch and takes seconds.

    Raises `UnknownNameError` or `IntegrityError`.
    """
    from mtaa.attribution import Attributor

    return Attributor.open(name)
