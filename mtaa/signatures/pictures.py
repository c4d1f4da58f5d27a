"""Pixels of reference examples, read from the test split without what loads torch."""

import numpy as np

from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.dataset import shards


def pictures(card: Card, chosen: np.ndarray) -> np.ndarray:
    """Pixels uint8 (m, C, side, side) of the examples at the places `chosen` (m,), as the network saw them.

    Raises `IntegrityError` where the test split is not the card's.
    """
    table, shape = shards.read(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256))
    rows = table.select(["clean", "delta"]).take(chosen)
    return shards.pixels_array(rows.column("clean"), shape) + shards.pixels_array(rows.column("delta"), shape)
