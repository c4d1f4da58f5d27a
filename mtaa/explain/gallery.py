"""Perturbation patterns by attack and source model (Fig. 3, 4), from the test split of a checkpoint. Free of torch."""

from collections import Counter

import numpy as np
import pyarrow as pa

from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.dataset import shards
from mtaa.explain.findings import Pattern


def patterns(card: Card, strength: float, number: int) -> list[Pattern]:
    """One example of each attack on each source model, whose intensity is nearest to a share of what is learnt.

    `strength` is that share, from 0 to 1, since attacks have no common scale; `number` 0, 1, … takes the next examples
    of the same intensity. Where some source image has examples in several cells, it is preferred, so that cells differ
    by attack and source model alone. Raises `IntegrityError` where the test split is not the card's.
    """
    table, shape = shards.read(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256))
    attack, victim, source = (np.array(table.column(name).to_pylist()) for name in ("attack", "victim", "source"))
    intensity = table.column("intensity").to_numpy()
    shared = Counter(source[attack != "clean"].tolist())
    found = []
    for name in (one for one in card.attacks if one in card.intensity_grids):
        low, high = card.intensity_grids[name]
        wanted = low + strength * (high - low)
        for other in card.victims:
            rows = np.flatnonzero((attack == name) & (victim == other))
            if len(rows) == 0:
                continue
            level = min(set(intensity[rows].tolist()), key=lambda value: (abs(value - wanted), value))
            nearest = rows[intensity[rows] == level]
            ordered = sorted(nearest.tolist(), key=lambda row: (-shared[source[row]], str(source[row]), row))
            row = ordered[number % len(ordered)]
            found.append(Pattern(name, other, float(intensity[row]), str(source[row]), _delta(table, row, shape)))
    return found


def _delta(table: pa.Table, row: int, shape: tuple[int, int, int]) -> np.ndarray:
    """The signed difference, which the split stores modulo 256."""
    taken = table.select(["clean", "delta"]).take([row])
    clean = shards.pixels_array(taken.column("clean"), shape)
    suspicious = clean + shards.pixels_array(taken.column("delta"), shape)
    return suspicious[0].astype(np.int16) - clean[0]
