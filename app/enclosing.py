"""What lies inside the boxes and lassos drawn on a map: decided here and on all its points, whatever the browser says.

The browser would name every point that is selected, megabytes of them where there are many.
"""

from collections.abc import Iterable, Mapping

import numpy as np

Outline = Mapping[str, list[float]]


def enclosed(points: np.ndarray, boxes: Iterable[Outline], lassos: Iterable[Outline]) -> np.ndarray:
    """Places (k,), ascending, of those of `points` (n, 2) that are in any box or lasso.

    Under "x" and "y" a box has two opposite corners, a lasso all its corners in turn, in units of the map.
    """
    found = np.zeros(len(points), bool)
    for box in boxes:
        found |= _between(points, _corners(box))
    for lasso in lassos:
        found |= within(points, _corners(lasso))
    return np.flatnonzero(found)


def within(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Which of `points` (n, 2) are inside the polygon of `corners` (m, 2), by the even-odd rule: bool (n,).

    A ray from each point to the right crosses the outline an odd number of times where the point is inside.
    """
    near = np.flatnonzero(_between(points, corners))
    x, y = points[near].T.astype(np.float64)
    odd = np.zeros(len(near), bool)
    for (left, low), (right, high) in zip(corners, np.roll(corners, -1, 0), strict=True):
        if low == high:  # a ray never crosses a level edge
            continue
        crossed = np.flatnonzero((low > y) != (high > y))
        odd[crossed] ^= x[crossed] < left + (y[crossed] - low) * ((right - left) / (high - low))
    inside = np.zeros(len(points), bool)
    inside[near] = odd
    return inside


def _corners(outline: Outline) -> np.ndarray:
    return np.stack([np.asarray(outline["x"], np.float64), np.asarray(outline["y"], np.float64)], 1)


def _between(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Which of `points` are in the rectangle around `corners`; none is where there are no corners."""
    if not len(corners):
        return np.zeros(len(points), bool)
    return ((points >= corners.min(0)) & (points <= corners.max(0))).all(1)
