"""Neighbours against plain arithmetic; a far point is said to be far."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.neighbors import KNeighborsClassifier

from mtaa.signatures import quality
from mtaa.signatures.neighbours import Neighbours, nearest, position, share_below, surround, vote


@pytest.fixture
def cloud() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(120, 7)).astype(np.float32)


def test_nearest_are_exact(cloud: np.ndarray) -> None:
    points = np.random.default_rng(2).normal(size=(9, 7)).astype(np.float32)
    distances, places = nearest(cloud, points, 5)
    expected = cdist(points, cloud)
    assert (places == expected.argsort(1)[:, :5]).all()
    np.testing.assert_allclose(distances, np.sort(expected, 1)[:, :5], rtol=1e-5)


def test_no_point_is_its_own_neighbour(cloud: np.ndarray) -> None:
    distances, places = nearest(cloud, None, 4)
    expected = cdist(cloud, cloud)
    np.fill_diagonal(expected, np.inf)
    assert (places == expected.argsort(1)[:, :4]).all()
    assert distances.min() > 0


def test_a_place_is_the_mean_of_neighbours_weighted_by_nearness() -> None:
    mapped = np.array([[0.0, 0], [3, 0], [0, 3], [50, 50]], np.float32)
    found = Neighbours(np.array([0, 1, 2]), np.array([1.0, 2, 2], np.float32), 0.5)
    assert position(found, mapped) == pytest.approx([0.75, 0.75])
    assert found.distance == pytest.approx(5 / 3)


def test_a_known_example_falls_on_itself(cloud: np.ndarray) -> None:
    mapped = np.random.default_rng(4).normal(size=(120, 2)).astype(np.float32)
    (found,) = surround(cloud, nearest(cloud, None, 6)[0].mean(1), cloud[17:18], 6)
    assert found.places[0] == 17
    assert position(found, mapped) == pytest.approx(mapped[17], abs=1e-4)


def test_a_far_point_is_said_to_be_far(cloud: np.ndarray) -> None:
    own = nearest(cloud, None, 6)[0].mean(1)
    middle, edge, far = surround(cloud, own, np.stack([cloud.mean(0), cloud[5] + 1, cloud[5] + 30]), 6)
    assert middle.farther < 0.2
    assert middle.farther < edge.farther <= far.farther
    assert far.farther == 1
    assert far.distance > 20


def test_a_share_is_a_quantile() -> None:
    assert share_below(np.arange(100.0), 97) == pytest.approx(0.97)
    assert share_below(np.arange(100.0), -1) == 0


def test_votes_give_the_accuracy_of_a_classifier_that_leaves_one_out(cloud: np.ndarray) -> None:
    labels = (cloud[:, 0] + 0.8 * np.random.default_rng(5).normal(size=120) > 0).astype(int)
    said = []
    for at, row in enumerate(cloud):
        others = KNeighborsClassifier(5, algorithm="brute").fit(np.delete(cloud, at, 0), np.delete(labels, at))
        said.append(others.predict(row[None])[0])
    votes = vote(labels[nearest(cloud, None, 5)[1]])
    assert (votes == said).all()
    assert quality.accuracy(votes, labels) == pytest.approx((np.array(said) == labels).mean(), abs=1e-4)


def test_a_tie_goes_to_the_lowest_label() -> None:
    assert vote(np.array([[2, 0, 2, 0], [1, 1, 0, 2]])).tolist() == [0, 1]
