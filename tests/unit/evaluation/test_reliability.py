"""Told probabilities are held against what was right."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from mtaa.evaluation.predict import Predictions
from mtaa.evaluation.reliability import binned, reliability

RANDOM = np.random.default_rng(4)


class Labels(SimpleNamespace):
    """As much of `Examples` as is looked at."""

    def __len__(self) -> int:
        return len(self.attack)


def drawn(count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (n, 2), and labels drawn by them."""
    first = RANDOM.uniform(0.02, 0.98, count)
    return np.stack([first, 1 - first], 1), (RANDOM.random(count) > first).astype(np.int64)


def test_honest_probabilities_have_next_to_no_error_and_boastful_ones_do() -> None:
    probabilities, true = drawn()
    assert binned(probabilities, true).calibration_error < 0.03
    boastful = np.where(probabilities > 0.5, 0.99, 0.01)
    assert binned(boastful, true).calibration_error == pytest.approx(0.24, abs=0.03)


def test_bins_are_those_of_scikit_learn() -> None:
    probabilities, true = drawn()
    right = probabilities.argmax(1) == true
    shares, means = calibration_curve(right, probabilities.max(1), n_bins=10)
    found = binned(probabilities, true)
    assert [one.probability for one in found.bins] == pytest.approx(means, abs=1e-4)
    assert [one.right.value for one in found.bins] == pytest.approx(shares, abs=1e-4)
    assert sum(one.right.count for one in found.bins) == found.count == len(true)


def test_certainty_is_in_the_last_bin() -> None:
    (only,) = binned(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 0])).bins
    assert (only.probability, only.right.value) == (1, 0.5)


def test_source_models_are_judged_where_a_verdict_names_one() -> None:
    """Two adversarial images named so, one missed, one clean; `none` takes no share of the probability."""
    card: Any = SimpleNamespace(
        attacks=["fgsm", "clean"],
        victims=["none", "vgg16", "resnet18"],
        calibration=SimpleNamespace(attack_temperature=1.0, victim_temperature=2.0),
    )
    examples = Labels(attack=np.array([0, 0, 0, 1]), victim=np.array([1, 2, 1, 0]))
    strong = np.array([[9.0, 0.0], [9.0, 0.0], [0.0, 9.0], [0.0, 9.0]], np.float32)
    victims = np.array([[50.0, 4.0, 0.0], [50.0, 4.0, 0.0], [0.0, 9.0, 0.0], [9.0, 0.0, 0.0]], np.float32)
    found = reliability(card, examples, Predictions(strong, victims, np.zeros(4, np.float32)))
    assert found["attack"].count == 4
    assert found["attack"].bins[-1].right.value == 0.75
    (only,) = found["victim"].bins
    assert (only.right.count, only.right.value) == (2, 0.5)
    assert only.probability == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-4)
