"""What is said of forgetting, against counting by hand."""

from typing import Any

import numpy as np
import pytest

from mtaa.core.growth import Growth, Shift, Told
from mtaa.dataset.examples import Examples
from mtaa.evaluation import forgetting
from mtaa.evaluation.forgetting import Origin, growth
from mtaa.evaluation.predict import Predictions
from mtaa.evaluation.tables import grown
from mtaa.training.ground import Parts
from tests.made_up_card import made_up_card

OLD, NEW = ["fgsm", "pgd", "clean"], ["fgsm", "pgd", "bim", "clean"]


def examples(attack: list[int], intensity: list[float]) -> Examples:
    count = len(attack)
    pixels, flags = np.zeros((count, 1, 8, 8), np.uint8), np.ones(count, bool)
    labels, strength = np.array(attack, np.int64), np.array(intensity, np.float32)
    victims = np.array([0 if value else 1 for value in intensity], np.int64)
    names = np.arange(count).astype(str)
    return Examples(pixels, pixels, labels, victims, strength, strength, flags, flags, names, np.full(count, ""))


def said(attacks: list[int], classes: int, intensity: list[float], victims: list[int]) -> Predictions:
    return Predictions(
        np.eye(classes, dtype=np.float32)[attacks],
        np.eye(2, dtype=np.float32)[victims],
        np.array(intensity, np.float32),
    )


class Standing:
    """A checkpoint of two attacks whose test has five examples."""

    card = made_up_card(name="before", attacks=OLD, victims=["vgg16", "none"], symbols={"fgsm": "ε", "pgd": "ε"})
    labels = (NEW, ["vgg16", "none"])

    def test(self) -> Examples:
        return examples([0, 0, 1, 2, 2], [10, 20, 30, 0, 0])


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Growth:
    # Before: the second FGSM is missed. After: it is right, but the PGD is taken for BIM and one clean for an attack.
    before = said([0, 2, 1, 2, 2], 3, [12, 20, 30, 0, 0], [0, 0, 0, 1, 1])
    after = said([0, 0, 2, 3, 2], 4, [10, 20, 36, 0, 0], [0, 0, 1, 1, 1])
    answers = {"old": before, "new": after}
    monkeypatch.setattr(forgetting, "load_network", lambda card: "old")
    monkeypatch.setattr(forgetting, "predict", lambda network, images, place: answers[network])
    own = examples([2, 2, 2, 2], [10, 20, 30, 40])
    parts: Any = Parts(examples([0] * 7, [1] * 7), examples([2] * 3, [1] * 3), own, own, "d")
    standing: Any = Standing()
    new: Any = "new"
    return growth(Origin(standing, parts), new, own, said([2, 2, 1, 0], 4, [0] * 4, [0] * 4))


def test_shares_and_errors_before_and_after(found: Growth) -> None:
    attack = found.figures["attack_accuracy"]
    assert (attack.before, attack.after, attack.count) == (0.8, 0.6, 5)
    assert attack.difference == pytest.approx(-0.2)
    assert attack.low < -0.2 < attack.high
    victim = found.figures["victim_accuracy"]
    assert (victim.before, victim.after, victim.count) == (1, pytest.approx(2 / 3, abs=1e-4), 3)
    error = found.figures["intensity_rmse"]
    assert error.before == pytest.approx((4 / 3) ** 0.5, abs=1e-4)
    assert error.after == pytest.approx((36 / 3) ** 0.5, abs=1e-4)
    missed, alarms = found.figures["missed_rate"], found.figures["false_alarm_rate"]
    assert (missed.before, missed.after) == (pytest.approx(1 / 3, abs=1e-4), 0)
    assert (alarms.before, alarms.after, alarms.difference) == (0, 0.5, 0.5)
    assert found.by_attack["pgd"]["attack_accuracy"].after == 0
    assert set(found.by_attack["clean"]) == {"attack_accuracy"}
    assert (found.start, found.replayed) == ("before", 7)


def test_what_is_new_is_told_with_what_it_was_taken_for(found: Growth) -> None:
    told = found.attacks["bim"]
    assert (told.right, told.count, told.trained_on) == (0.5, 4, 3)
    assert told.taken_for == {"pgd": 1, "fgsm": 1}
    assert set(found.attacks) == {"bim"}
    assert found.victims == {}


def test_the_table_says_both(found: Growth) -> None:
    text = grown(made_up_card(growth=found))
    assert "| BIM | 3 | 50.0% " in text
    assert "| attack | 80.0 % | 60.0 % | -20.0 points [" in text
    assert grown(made_up_card()) == ""
    assert isinstance(found.figures["attack_accuracy"], Shift)
    assert isinstance(found.attacks["bim"], Told)
