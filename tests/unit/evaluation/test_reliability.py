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


def apart(true: np.ndarray) -> np.ndarray:
    """Each example of a source image of its own."""
    return np.arange(len(true))


def test_honest_probabilities_have_next_to_no_error_and_boastful_ones_do() -> None:
    probabilities, true = drawn()
    assert binned(probabilities, true, apart(true)).calibration_error < 0.03
    boastful = np.where(probabilities > 0.5, 0.99, 0.01)
    assert binned(boastful, true, apart(true)).calibration_error == pytest.approx(0.24, abs=0.03)


def test_bins_are_those_of_scikit_learn() -> None:
    probabilities, true = drawn()
    right = probabilities.argmax(1) == true
    shares, means = calibration_curve(right, probabilities.max(1), n_bins=10)
    found = binned(probabilities, true, apart(true))
    assert [one.probability for one in found.bins] == pytest.approx(means, abs=1e-4)
    assert [one.right.value for one in found.bins] == pytest.approx(shares, abs=1e-4)
    assert sum(one.right.count for one in found.bins) == found.count == len(true)


def test_certainty_is_in_the_last_bin() -> None:
    (only,) = binned(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 0]), np.arange(2)).bins
    assert (only.probability, only.right.value) == (1, 0.5)


def test_source_models_are_judged_where_a_verdict_names_one() -> None:
    """Two adversarial images named so, one missed, one clean; `none` takes no share of the probability."""
    card: Any = SimpleNamespace(
        attacks=["fgsm", "clean"],
        victims=["none", "vgg16", "resnet18"],
        calibration=SimpleNamespace(attack_temperature=1.0, victim_temperature=2.0),
    )
    examples = Labels(attack=np.array([0, 0, 0, 1]), victim=np.array([1, 2, 1, 0]), source=np.arange(4))
    strong = np.array([[9.0, 0.0], [9.0, 0.0], [0.0, 9.0], [0.0, 9.0]], np.float32)
    victims = np.array([[50.0, 4.0, 0.0], [50.0, 4.0, 0.0], [0.0, 9.0, 0.0], [9.0, 0.0, 0.0]], np.float32)
    found = reliability(card, examples, Predictions(strong, victims, np.zeros(4, np.float32)))
    assert found["attack"].count == 4
    assert found["attack"].bins[-1].right.value == 0.75
    (only,) = found["victim"].bins
    assert (only.right.count, only.right.value) == (2, 0.5)
    assert only.probability == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-4)
    assert found["victim"].untempered == pytest.approx(1 / (1 + np.exp(-4)) - 0.5, abs=1e-4)


def test_its_interval_is_that_of_resampled_source_images() -> None:
    """Three examples an image: drawing images one by one gives the same interval."""
    probabilities, true = drawn(900)
    source = np.repeat(np.arange(300), 3)
    found = binned(probabilities, true, source)
    random, members = np.random.default_rng(7), np.arange(900).reshape(300, 3)
    errors = []
    for _ in range(400):
        rows = members[random.integers(0, 300, 300)].ravel()
        errors.append(binned(probabilities[rows], true[rows], source).calibration_error)
    assert found.low is not None
    assert found.high is not None
    assert (found.low, found.high) == pytest.approx(np.quantile(errors, [0.025, 0.975]), abs=0.008)
    assert found.low <= found.high
