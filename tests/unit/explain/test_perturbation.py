"""Measures of a perturbation, counted by hand."""

import numpy as np
import pytest

from mtaa.core.errors import InputError
from mtaa.explain.perturbation import between, histogram, strongest


def images() -> tuple[np.ndarray, np.ndarray]:
    original = np.full((1, 4, 4), 100, np.uint8)
    suspicious = original.copy()
    suspicious[0, 0] = [110, 90, 90, 97]
    return suspicious, original


def test_measures_are_those_of_the_difference() -> None:
    found = between(*images())
    assert found.values[0, 0].tolist() == [10, -10, -10, -3]
    assert (found.changed, found.pixels, found.linf) == (4, 16, 10)
    assert found.l2 == pytest.approx(np.sqrt(309) / 255)
    assert found.at_bound == 0.75
    assert not found.is_estimate


def test_wraps_nowhere() -> None:
    black, white = np.zeros((1, 2, 2), np.uint8), np.full((1, 2, 2), 255, np.uint8)
    assert between(black, white).values.min() == -255
    assert between(white, black).values.max() == 255


def test_nothing_has_no_bound() -> None:
    original = images()[1]
    found = between(original, original)
    assert (found.changed, found.linf, found.l2, found.at_bound) == (0, 0, 0, 0)
    assert len(histogram(found.values)[0]) == 0


def test_of_each_pixel_the_strongest_channel_speaks_with_its_sign() -> None:
    values = np.array([[[1, 0]], [[-5, 0]], [[4, 2]]], np.int16)
    assert strongest(values).tolist() == [[-5, 2]]
    assert between(np.zeros((3, 1, 2), np.uint8), np.array([[[1, 0]], [[0, 0]], [[9, 0]]], np.uint8)).changed == 1


def test_histogram_counts_what_differs() -> None:
    levels, counts = histogram(between(*images()).values)
    assert (levels.tolist(), counts.tolist()) == ([-10, -3, 10], [2, 1, 1])


def test_shapes_must_agree() -> None:
    with pytest.raises(InputError, match="reference must have the image's shape"):
        between(np.zeros((1, 4, 4), np.uint8), np.zeros((1, 5, 4), np.uint8))
