"""The space of neighbours: standardised as scikit-learn does it, with both embeddings weighing alike."""

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from mtaa.signatures import space


@pytest.fixture
def values() -> np.ndarray:
    random = np.random.default_rng(0)
    return (random.normal(size=(50, 6)) * [1, 2, 3, 4, 5, 6] + 7).astype(np.float32)


def test_features_are_standardised(values: np.ndarray) -> None:
    expected = StandardScaler().fit_transform(values)
    np.testing.assert_allclose(space.standardise(values, *space.fit(values)), expected, atol=1e-5)


def test_a_feature_that_hardly_varies_does_not_shout(values: np.ndarray) -> None:
    values[:, 0], values[:, 1] = 7, 7 + 1e-6 * values[:, 1]
    centre, spread = space.fit(values)
    assert spread[:2] == pytest.approx(0.05 * np.median(values.std(0)[1:]), rel=1e-3)
    assert np.isfinite(space.standardise(values + 1, centre, spread)).all()


def test_constant_values_have_a_space_too() -> None:
    ones = np.ones((4, 3), np.float32)
    assert (space.standardise(ones, *space.fit(ones)) == 0).all()


def test_a_distance_is_a_root_mean_square_whatever_the_width() -> None:
    for width in (3, 40):
        points = space.join(np.array([[0.0] * width, [2.0] * width]), np.zeros((2, 5)), "attack")
        assert np.linalg.norm(points[0] - points[1]) == pytest.approx(2)


def test_both_embeddings_weigh_alike() -> None:
    attack, victim = np.array([[0.0] * 3, [1.0] * 3]), np.array([[0.0] * 50, [3.0] * 50])
    points = space.join(attack, victim, "both")
    assert points.shape == (2, 53)
    assert np.linalg.norm(points[0] - points[1]) == pytest.approx(np.sqrt((1 + 9) / 2))
