"""Where images lie among a checkpoint's known examples. Free of torch until the first image is placed."""

from typing import TYPE_CHECKING

import numpy as np

from mtaa.core.card import Card
from mtaa.signatures.atlas import Atlas, Figures, Method, map_name
from mtaa.signatures.neighbours import Neighbours, Placed, position
from mtaa.signatures.space import Head

if TYPE_CHECKING:
    from mtaa.signatures.place import Placer

__all__ = [
    "Atlas",
    "Figures",
    "Head",
    "Method",
    "Neighbours",
    "Placed",
    "atlas",
    "known_pixels",
    "map_name",
    "open_placer",
    "position",
]


def atlas(card: Card) -> Atlas:
    """The embeddings and maps beside a checkpoint. Raises `InputError` where there are none, or `IntegrityError`."""
    from mtaa.signatures import store

    return store.read(card)


def known_pixels(card: Card, chosen: np.ndarray) -> np.ndarray:
    """Pixels uint8 (m, C, side, side) of the known examples at the places `chosen`. Raises `IntegrityError`."""
    from mtaa.signatures.pictures import pictures

    return pictures(card, chosen)


def open_placer(name: str) -> "Placer":
    """Load a checkpoint to place images with; the first call of a process loads torch and takes seconds.

    Raises `UnknownNameError`, `InputError` or `IntegrityError`.
    """
    from mtaa.signatures.place import Placer

    return Placer.open(name)
