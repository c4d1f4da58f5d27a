"""Pixels of reference examples, read from the test split without what loads torch."""

import numpy as np

from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.dataset import shards

LARGEST_KEPT = 256 * 2**20  # bytes of pixels
_kept: dict[str, np.ndarray] = {}  # of the split that was read last, by its hash


def pictures(card: Card, chosen: np.ndarray) -> np.ndarray:
    """Pixels uint8 (m, C, side, side) of the examples at the places `chosen` (m,), as the network saw them.

    A split is read as a whole, since it is one compressed block; where its pixels are not too many, they are kept.
    Raises `IntegrityError` where the test split is not the card's.
    """
    pixels = _kept.get(card.test_sha256)
    if pixels is None:
        path = cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256)
        table, shape = shards.read(path, ["clean", "delta"])
        is_small = table.num_rows * int(np.prod(shape)) <= LARGEST_KEPT
        rows = table if is_small else table.take(chosen)
        pixels = shards.pixels_array(rows.column("clean"), shape) + shards.pixels_array(rows.column("delta"), shape)
        if not is_small:
            return pixels
        _kept.clear()
        _kept[card.test_sha256] = pixels
    return pixels[chosen]
