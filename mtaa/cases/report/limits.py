"""What a verdict can't say, in plain words; each report carries it."""

from collections.abc import Sequence

from mtaa.core.card import Card
from mtaa.core.titles import title
from mtaa.core.units import UNITS

GENERAL = (
    "INFERRED findings come from a trained model and are no proof. They are one line of evidence beside others.",
    "The source model is the model whose gradients were used to make the image. It need not be the model that was "
    "attacked. Models of the same architecture with other weights were not part of the training; how such an image is "
    "named is not known.",
    "Probabilities and intervals were fitted on held-out images of the same kind as the training images. On images of "
    "another kind they do not hold. They also take each class to be as frequent as in the training images: where "
    "attacks are rare in practice, a single alarm weighs less than its probability says.",
    "Lossy compression, resizing, screen capture and editing wipe out much of what an attack leaves behind. The "
    "verdict is about the file with the SHA-256 named here and about no other copy of the picture.",
    "κ is the margin that C&W was asked for as this software asks for it; other toolboxes measure it otherwise, and "
    "their κ can't be compared.",
    "The audit trail gives away changes of single entries. Whoever may write to the whole store could make all of it "
    "anew; the hash of the last entry, kept elsewhere, would show that.",
)


def limits(found: Sequence[Card]) -> list[str]:
    """The limits of these checkpoints first, then those of the method."""
    return [*(_known(card) for card in found), *GENERAL]


def _known(card: Card) -> str:
    attacks = ", ".join(title(name) for name in card.attacks if name != "clean")
    models = ", ".join(title(name) for name in card.victims if name != "none")
    kind = "grey" if card.images.channels == 1 else "colour"
    units = {card.symbols[name]: UNITS[card.units[name]].meaning for name in card.symbols}
    strengths = "; ".join(f"{symbol} is {meaning}" for symbol, meaning in units.items())
    return (
        f"Checkpoint {card.name} knows the attacks {attacks} and the source models {models}, on {kind} images of "
        f"{card.images.side} × {card.images.side} pixels from {card.images.source}. An image made by any other attack "
        f"or on any other model gets one of these names or is called clean. Here {strengths}."
    )
