"""The space that neighbours are searched in: each feature standardised, one or both embeddings, all on one scale."""

from typing import Literal

import numpy as np

Head = Literal["attack", "victim", "both"]
HEADS: tuple[Head, ...] = ("attack", "victim", "both")

# A feature that hardly varies among known examples must not shout when it does: no spread counts as smaller than this
# share of the usual one.
SMALLEST_SPREAD = 0.05


def fit(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre and spread (D,) float32 of each feature of `values` (n, D)."""
    centre, spread = values.mean(0, dtype=np.float64), values.std(0, dtype=np.float64)
    usual = float(np.median(spread[spread > 0])) if (spread > 0).any() else 1.0
    return centre.astype(np.float32), np.maximum(spread, SMALLEST_SPREAD * usual).astype(np.float32)


def standardise(values: np.ndarray, centre: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """`values` (m, D) in spreads from the centre, float32."""
    return ((values - centre) / spread).astype(np.float32)


def join(attack: np.ndarray, victim: np.ndarray, head: Head) -> np.ndarray:
    """Standardised embeddings (n, Da), (n, Dv) as points float32 (n, D) of one head.

    Each part is divided by the root of its width. A distance is then the root mean square of the differences, in
    spreads a feature, comparable between heads; and in "both" the two weigh alike however wide they are.
    """
    parts = {"attack": [attack], "victim": [victim], "both": [attack, victim]}[head]
    scaled = [part.astype(np.float32) / np.float32(np.sqrt(part.shape[1] * len(parts))) for part in parts]
    return np.ascontiguousarray(np.concatenate(scaled, 1))
