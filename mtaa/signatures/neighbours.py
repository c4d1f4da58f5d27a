"""Exact nearest neighbours, and what follows from them: a place on a map, and how far off that place is.

A new point is placed by its neighbours in the full space. The methods' own transforms are not used: UMAP's searches
neighbours approximately and loses points between well-separated clusters; t-SNE has none.
"""

from dataclasses import dataclass

import numpy as np

from mtaa.signatures.space import Head

COUNT = 15


@dataclass(frozen=True)
class Neighbours:
    """The nearest reference examples of one new point: places (k,) and distances (k,), nearest first.

    `farther` is the share of the reference examples whose own mean distance to their nearest others is smaller: 0.97
    says that the point lies farther off than 97 % of known examples do.
    """

    places: np.ndarray
    distances: np.ndarray
    farther: float

    @property
    def distance(self) -> float:
        """Mean distance to them."""
        return float(self.distances.mean())


@dataclass(frozen=True)
class Placed:
    """An image, pixels uint8 (C, side, side), and its nearest known examples by head."""

    name: str
    sha256: str
    pixels: np.ndarray
    neighbours: dict[Head, Neighbours]


def nearest(reference: np.ndarray, points: np.ndarray | None, count: int) -> tuple[np.ndarray, np.ndarray]:
    """distances and places (m, count) of the nearest in `reference` (n, D) of each of `points` (m, D), nearest first.

    Without `points` those of the reference itself, each left out of its own neighbours.
    """
    from sklearn.neighbors import NearestNeighbors

    distances, places = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(reference).kneighbors(points)
    return distances.astype(np.float32), places


def surround(reference: np.ndarray, own: np.ndarray, points: np.ndarray, count: int) -> list[Neighbours]:
    """The neighbours of each of `points` (m, D); `own` (n,) are the mean distances of the reference itself."""
    distances, places = nearest(reference, points, count)
    return [Neighbours(at, far, share_below(own, float(far.mean()))) for at, far in zip(places, distances, strict=True)]


def share_below(values: np.ndarray, value: float) -> float:
    """The share of `values` that are smaller."""
    return float((values < value).mean())


def position(found: Neighbours, mapped: np.ndarray) -> np.ndarray:
    """Where the point belongs on a map (n, d): the mean of its neighbours there, weighted by 1 / distance, (d,)."""
    weights = 1 / np.maximum(found.distances.astype(np.float64), 1e-6)
    return np.asarray(weights @ mapped[found.places] / weights.sum())


def vote(labels: np.ndarray) -> np.ndarray:
    """The commonest label of each row of `labels` (m, k), the lowest where there are several, (m,)."""
    counts = (labels[..., None] == np.arange(labels.max() + 1)).sum(1)
    return np.asarray(counts.argmax(1))
