"""What is inside boxes and lassos, held against matplotlib's own test of points in a path."""

import numpy as np
import pytest
from matplotlib.path import Path

from app.enclosing import enclosed, within

POINTS = np.random.default_rng(0).normal(0, 9, (5000, 2)).astype(np.float32)


def outline(corners: np.ndarray) -> dict[str, list[float]]:
    return dict(zip("xy", corners.T.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_a_lasso_is_what_matplotlib_says(seed: int) -> None:
    random = np.random.default_rng(seed)
    # Corners in no order: the outline crosses itself, which tells the even-odd rule from others.
    corners = random.normal(0, 8, (3 + 40 * seed, 2))
    inside = within(POINTS, corners)
    assert (inside == Path(corners).contains_points(POINTS)).all()
    assert 0 < inside.sum() < len(POINTS)


def test_a_box_is_the_lasso_around_it_from_either_corner() -> None:
    box = np.array([[6.0, -4.0], [-3.0, 5.0]])
    around = np.array([[6.0, -4.0], [6.0, 5.0], [-3.0, 5.0], [-3.0, -4.0]])
    assert (enclosed(POINTS, [outline(box)], []) == enclosed(POINTS, [], [outline(around)])).all()


def test_several_are_taken_together_and_none_are_none() -> None:
    one, other = np.array([[0.0, 0.0], [5.0, 5.0]]), np.array([[4.0, 4.0], [9.0, 9.0], [9.0, 0.0]])
    parts = [enclosed(POINTS, [outline(one)], []), enclosed(POINTS, [], [outline(other)])]
    both = enclosed(POINTS, [outline(one)], [outline(other)])
    assert (both == np.union1d(*parts)).all()
    assert len(both) > max(map(len, parts))
    assert len(enclosed(POINTS, [], [])) == 0
    assert len(enclosed(POINTS, [], [{"x": [], "y": []}])) == 0
