"""Differences between two sets of answers to the same questions, with 95 % intervals, as pure functions of arrays."""

from math import sqrt
from typing import NamedTuple

import numpy as np

from mtaa.core.intervals import Z95
from mtaa.evaluation.metrics import RESAMPLES


class Difference(NamedTuple):
    """The second's figure less the first's."""

    value: float
    low: float
    high: float


def of_shares(first: np.ndarray, second: np.ndarray) -> Difference:
    """Share of `second` (n,) bool less that of `first` (n,) bool, example by example the same.

    The interval is Wald's with half an example added to each cell of the 2 × 2 table (Agresti & Min 2005): where no
    example differs it still has a width. Only examples on which the two differ widen it, as in McNemar's test.
    """
    count = len(first)
    gained, lost = int((second & ~first).sum()), int((first & ~second).sum())
    enlarged, change = count + 2, gained - lost
    centre = change / enlarged
    spread = Z95 * sqrt(gained + lost + 1 - change**2 / enlarged) / enlarged
    return Difference(change / count, max(-1.0, centre - spread), min(1.0, centre + spread))


def of_rmses(first: np.ndarray, second: np.ndarray, source: np.ndarray, seed: int = 0) -> Difference:
    """Root mean square of the errors `second` (n,) less that of `first` (n,), example by example the same.

    The interval is a bootstrap of source images (n,) str: one drawn brings the errors of both.
    """
    _, place = np.unique(source, return_inverse=True)
    one, two = (np.bincount(place, errors.astype(np.float64) ** 2) for errors in (first, second))
    counts = np.bincount(place)
    random = np.random.default_rng(seed)
    draws = random.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), RESAMPLES)
    drawn = draws @ counts
    low, high = np.quantile(np.sqrt(draws @ two / drawn) - np.sqrt(draws @ one / drawn), [0.025, 0.975])
    value = sqrt(two.sum() / len(second)) - sqrt(one.sum() / len(first))
    return Difference(value, float(low), float(high))
