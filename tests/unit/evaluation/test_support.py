"""Levels are counted among what verdicts speak of, and the share that is right among what they name."""

import numpy as np

from mtaa.core.card import Card
from mtaa.dataset.examples import Examples
from mtaa.evaluation.predict import Predictions
from mtaa.evaluation.support import support
from tests.made_up_card import made_up_card

CARD: Card = made_up_card(
    attacks=["fgsm", "cw", "clean"], victims=["vgg16", "vgg19", "resnet18", "none"], symbols={"fgsm": "ε", "cw": "κ"}
)
SURE, TORN, LOST = [9.0, 0, 0, 0], [5.0, 5, 0, 0], [5.0, 0, 5, 0]
CLEAN_LOGITS = [0.0, 0, 9]


def examples(attack: list[int], victim: list[int]) -> Examples:
    count = len(attack)
    pixels, flags = np.zeros((count, 1, 2, 2), np.uint8), np.ones(count, bool)
    strengths, names = np.zeros(count, np.float32), np.array([""] * count)
    return Examples(
        pixels, pixels, np.array(attack), np.array(victim), strengths, strengths, flags, flags, names, names
    )


def test_each_level_has_its_share_and_is_held_against_the_truth() -> None:
    told = [([9.0, 0, 0], SURE), ([9.0, 0, 0], SURE), ([9.0, 0, 0], TORN), ([0, 9.0, 0], TORN), ([0, 9.0, 0], LOST)]
    attacks, victims = [0, 0, 0, 1, 1, 0, 2], [0, 1, 1, 2, 0, 0, 3]
    told += [(CLEAN_LOGITS, SURE), (CLEAN_LOGITS, SURE)]  # missed, and clean: a verdict names no model for either
    said = Predictions(
        np.array([one for one, _ in told]), np.array([other for _, other in told]), np.zeros(len(told), np.float32)
    )
    found = support(CARD, examples(attacks, victims), said)
    assert found.keys() == {"all", "fgsm", "cw"}
    assert {name: figure.count for name, figure in found["all"].items()} == {
        "model": 5,
        "family": 5,
        "none": 5,
        "model_right": 2,
        "family_right": 2,
    }
    assert found["all"]["model"].value == 0.4
    assert found["all"]["model_right"].value == 0.5
    assert found["fgsm"]["family_right"].value == 1
    assert found["cw"]["family_right"].value == 0
    assert "model_right" not in found["cw"]
