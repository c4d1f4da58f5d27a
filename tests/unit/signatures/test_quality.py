"""Figures of maps against their definitions."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from mtaa.signatures import quality


@pytest.fixture
def groups() -> tuple[np.ndarray, np.ndarray]:
    random, labels = np.random.default_rng(6), np.arange(60) % 3
    return random.normal(0, 2, (3, 4))[labels] + random.normal(size=(60, 4)), labels


def test_silhouette_is_what_its_definition_says(groups: tuple[np.ndarray, np.ndarray]) -> None:
    points, labels = groups
    distances = cdist(points, points)
    scores = []
    for at, label in enumerate(labels):
        means = [
            distances[at, labels == other].sum() / ((labels == other).sum() - (other == label)) for other in range(3)
        ]
        inside, outside = means[label], min(means[other] for other in range(3) if other != label)
        scores.append((outside - inside) / max(inside, outside))
    assert quality.silhouette(points, labels) == pytest.approx(np.mean(scores), abs=1e-4)


def test_trustworthiness_is_what_its_definition_says(groups: tuple[np.ndarray, np.ndarray]) -> None:
    points, count, n = groups[0], 5, 60
    mapped = points[:, :2]
    ranks = cdist(points, points).argsort(1).argsort(1)
    near = cdist(mapped, mapped).argsort(1)[:, 1 : count + 1]
    lost = sum(max(0, int(ranks[at, other]) - count) for at in range(n) for other in near[at])
    expected = 1 - 2 / (n * count * (2 * n - 3 * count - 1)) * lost
    assert quality.trustworthiness(points, mapped, count) == pytest.approx(expected, abs=1e-4)
    assert quality.trustworthiness(points, points, count) == 1


def test_source_models_are_judged_on_attacked_images_alone(groups: tuple[np.ndarray, np.ndarray]) -> None:
    points, attack = groups
    victim, is_attacked = attack.copy(), np.arange(60) >= 30
    victim[~is_attacked] = np.random.default_rng(7).integers(0, 3, 30)
    told = quality.measure(points, attack, victim, is_attacked, 1)
    assert told["victim_silhouette"] == quality.silhouette(points[30:], attack[30:])
    assert told["attack_knn"] is not None
    assert quality.measure(points, attack, victim, np.zeros(60, bool), 1)["victim_knn"] is None


def test_of_one_kind_there_is_no_silhouette() -> None:
    assert quality.silhouette(np.eye(4), np.zeros(4, int)) is None
    assert quality.accuracy(np.array([]), np.array([])) is None
