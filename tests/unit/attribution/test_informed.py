"""What a clean original adds, and when it is doubted that it is one."""

import numpy as np
import pytest

from mtaa.attribution.conclude import conclude
from mtaa.attribution.informed import doubts, informed
from mtaa.core.card import Card
from mtaa.core.verdict import Inferred
from mtaa.images.measures import compare

FGSM, CW, CLEAN = range(3)


@pytest.fixture
def original() -> np.ndarray:
    """A smooth picture (1, 28, 28), so that it is unlike itself moved by a pixel."""
    rows, columns = np.mgrid[:28, :28]
    return (65 + 6 * np.hypot(rows - 10, columns - 15)).clip(0, 190).astype(np.uint8)[None]


def said(card: Card, attack: int, strength: float) -> Inferred:
    logits = np.full(3, -20.0)
    logits[attack] = 20
    return conclude(card, logits, np.array([20.0, -20, -20]), strength)[0]


def noisy(original: np.ndarray, size: int) -> np.ndarray:
    signs = np.random.default_rng(0).choice([-1, 1], original.shape)
    return (original + size * signs).astype(np.uint8)


def test_the_true_difference_takes_the_estimate_s_place(card: Card, original: np.ndarray) -> None:
    found = informed(card, said(card, FGSM, 37.2), compare(noisy(original, 40), original, ""))
    assert found is not None
    strength = found.hyperparameter
    assert strength is not None
    assert (strength.value, strength.low, strength.high, strength.level) == (40, 40, 40, 1)
    assert "ε = 40.0/255 for certain" in found.sentence


def test_of_a_margin_an_original_makes_nothing_certain(card: Card, original: np.ndarray) -> None:
    assert informed(card, said(card, CW, 5), compare(noisy(original, 3), original, "")) is None


@pytest.mark.parametrize(("attack", "strength", "size"), [(FGSM, 37.2, 40), (FGSM, 20, 20), (CW, 5, 3), (CLEAN, 0, 0)])
def test_the_true_original_is_left_in_peace(
    card: Card, original: np.ndarray, attack: int, strength: float, size: int
) -> None:
    assert doubts(card, said(card, attack, strength), compare(noisy(original, size), original, "")) == []


@pytest.mark.parametrize(
    ("attack", "strength", "size", "given", "words"),
    [
        (FGSM, 20, 20, "other", "far more than the attack found (ε = 20.0/255)"),
        (FGSM, 20, 60, "same", "up to 60/255, far more"),
        (CW, 5, 3, "moved", "moved by 1 pixel down and 0 pixels to the right"),
        (CW, 5, 3, "flat", "hardly like the image"),
        (CLEAN, 0, 5, "same", "though no attack was found"),
    ],
)
def test_another_picture_is_doubted_and_adds_nothing(
    card: Card, original: np.ndarray, attack: int, strength: float, size: int, given: str, words: str
) -> None:
    image, inferred = noisy(original, size), said(card, attack, strength)
    other = np.zeros_like(original)
    other[0, 3:6, 3:6] = 255
    reference = {"same": original, "moved": np.roll(original, -1, 1), "other": other, "flat": 0 * other}[given]
    compared = compare(image, reference, "")
    assert words in doubts(card, inferred, compared)[0]
    assert informed(card, inferred, compared) is None


def test_correlation_and_bound_are_those_of_numpy(original: np.ndarray) -> None:
    image = noisy(original, 9)
    image[0, 0] = original[0, 0] + 4
    found = compare(image, original, "")
    assert found.correlation == pytest.approx(np.corrcoef(image.ravel(), original.ravel())[0, 1])
    assert found.at_bound == pytest.approx(27 / 28)
    assert found.shift == (0, 0)
    assert compare(image, np.full_like(image, 7), "").correlation == 0
