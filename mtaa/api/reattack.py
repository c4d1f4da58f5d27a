"""The counter-check by re-attack, and how far it can be believed. Free of torch until a reattacker is opened."""

from typing import TYPE_CHECKING

from mtaa.core.countercheck import CounterCheck, Tried
from mtaa.core.countercheck import sentence as check_sentence
from mtaa.experiments.reattack.record import Row as CheckReliability
from mtaa.experiments.reattack.reliability import is_heeded, reliability, told

if TYPE_CHECKING:
    from mtaa.reattack import Reattacker

__all__ = [
    "CheckReliability",
    "CounterCheck",
    "Tried",
    "check_sentence",
    "is_heeded",
    "open_reattacker",
    "reliability",
    "told",
]


def open_reattacker(name: str) -> "Reattacker":
    """The source models of a checkpoint, to be attacked again; each is loaded when it is needed.

    Raises `UnknownNameError`.
    """
    from mtaa.reattack import Reattacker

    return Reattacker.open(name)
