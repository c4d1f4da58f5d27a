"""One label for all: every class is told from every other, and an answer is read back as what it stands for."""

import dataclasses

import numpy as np
import pytest

from mtaa.core.errors import InputError
from mtaa.dataset.examples import Examples
from mtaa.evaluation.predict import Predictions
from mtaa.experiments.joint import Joint

LABELS = (["fgsm", "cw"], ["tiny_a", "tiny_b"])
GRIDS = {"fgsm": [10.0, 20.0, 30.0], "cw": [1.0, 2.0]}


def test_every_label_comes_back_from_its_class() -> None:
    joint = Joint(LABELS, GRIDS)
    attack, victim, intensity = (np.array(column) for column in zip(*joint.classes, strict=True))
    assert len(set(joint.names)) == len(joint.classes) == 2 * (3 + 2)
    np.testing.assert_array_equal(joint.of(attack, victim, intensity), np.arange(10))
    said = joint.read(Predictions(np.eye(10), np.zeros((10, 2)), np.zeros(10)))
    np.testing.assert_array_equal(said.attack, attack)
    np.testing.assert_array_equal(said.victim, victim)
    np.testing.assert_array_equal(said.intensity, intensity)


def test_an_intensity_counts_as_the_nearest_of_its_attacks_grid() -> None:
    joint = Joint(LABELS, GRIDS)
    found = joint.of(np.array([0, 0, 1]), np.array([0, 0, 1]), np.array([16.0, 99.0, -3.0]))
    assert [joint.names[place] for place in found] == ["fgsm tiny_a 20", "fgsm tiny_a 30", "cw tiny_b 1"]


def test_without_grids_the_strength_is_in_no_label() -> None:
    joint = Joint(LABELS)
    assert joint.names == ["fgsm tiny_a", "fgsm tiny_b", "cw tiny_a", "cw tiny_b"]
    assert joint.of(np.array([1]), np.array([0]), np.array([17.0])).tolist() == [2]
    said = joint.read(Predictions(np.eye(4)[[3]], np.zeros((1, 2)), np.zeros(1)))
    assert (said.attack[0], said.victim[0]) == (1, 1)
    assert said.intensity[0] != pytest.approx(0)  # not a number


def test_an_exam_on_other_intensities_is_refused() -> None:
    joint = Joint(LABELS, GRIDS)
    nothing = np.zeros((2, 1, 4, 4), np.uint8)
    yes, kinds = np.ones(2, bool), np.zeros(2, np.int64)
    values = np.array([10, 20], np.float32)
    of = Examples(nothing, nothing, kinds, kinds, values, values, yes, yes, np.array(["a", "b"]), np.array(["", ""]))
    joint.check(of)
    with pytest.raises(InputError, match=r"got fgsm of 25; take the scenario's own test split"):
        joint.check(dataclasses.replace(of, intensity=np.array([10, 25], np.float32)))
