"""What a verdict rests on: perturbations, feature maps, attributions. Free of torch until an examiner is opened."""

from typing import TYPE_CHECKING

from mtaa.core.card import Card
from mtaa.explain.findings import Attribution, BlockDifference, Extracted, Pattern
from mtaa.explain.perturbation import Perturbation, histogram, strongest
from mtaa.explain.spectrum import Spectrum, spectrum

if TYPE_CHECKING:
    from mtaa.explain.examiner import Examiner

__all__ = [
    "Attribution",
    "BlockDifference",
    "Extracted",
    "Pattern",
    "Perturbation",
    "Spectrum",
    "explanations",
    "histogram",
    "open_examiner",
    "patterns",
    "spectrum",
    "strongest",
]


def open_examiner(name: str) -> "Examiner":
    """Load a checkpoint to explain images with; the first call of a process loads torch and takes seconds.

    Raises `UnknownNameError` or `IntegrityError`.
    """
    from mtaa.explain.examiner import Examiner

    return Examiner.open(name)


def explanations() -> dict[str, tuple[str, str]]:
    """The methods of attribution: title and description by name. Loads torch, as an examiner does."""
    from mtaa.explain.explainers import EXPLAINERS

    return {entry.name: (entry.title, entry.description) for entry in EXPLAINERS}


def patterns(card: Card, strength: float, number: int = 0) -> list[Pattern]:
    """One known example of each attack on each source model, at a `strength` from 0 to 1 of what is learnt; `number`
    takes the next ones. Raises `IntegrityError`."""
    from mtaa.explain import gallery

    return gallery.patterns(card, strength, number)
