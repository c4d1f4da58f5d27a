"""Which examples a maker is asked to make again: a share, spread over intensities, the same for the same seed."""

import numpy as np


def share(intensities: np.ndarray, wanted: float, seed: int) -> np.ndarray:
    """Ascending places of `wanted` (a share in (0, 1], at least one example) of the examples with `intensities` (n,).

    Every intensity gives one before any gives a second. A smaller share is part of every larger one of the same seed.
    """
    shuffled = np.random.default_rng(seed).permutation(len(intensities))
    given: dict[float, int] = {}
    turns = []
    for value in intensities[shuffled].tolist():
        turns.append(given.get(value, 0))
        given[value] = turns[-1] + 1
    order = shuffled[np.argsort(turns, kind="stable")]
    return np.sort(order[: max(1, round(wanted * len(order)))])
