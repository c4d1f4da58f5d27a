"""Units of intensities: how they are written, what they mean, and what an example shows of them. Free of torch."""

from dataclasses import dataclass
from typing import Literal

UnitName = Literal["1/255", "L2", "logits", "%"]
Symbol = Literal["ε", "κ", "η"]


@dataclass(frozen=True)
class Unit:
    """`suffix` is written after a number of `digits` decimals; `meaning` completes "ε: …".

    An example that misses its intensity gets another image in its place, as it shows another intensity than its label
    says. Only where `may_miss`, it stays and is told apart (`reached`): that a goal is out of reach is a finding.
    """

    suffix: str
    digits: int
    meaning: str
    may_miss: bool = False


UNITS: dict[UnitName, Unit] = {
    "1/255": Unit("/255", 1, "the largest change of a pixel, in grey levels of 255"),
    "L2": Unit(" in L2", 2, "the Euclidean length of the change, black being 0 and white 1"),
    "logits": Unit(" logits", 1, "the margin asked for, in logits", may_miss=True),
    "%": Unit("%", 1, "how far past the decision boundary, in percent of the way there"),
}


def unit_of(symbol: str) -> UnitName:
    """The unit in records from before they stated it, when ε was always in grey levels."""
    return "logits" if symbol == "κ" else "1/255"
