import numpy as np
import pytest

from mtaa.attribution.conclude import conclude
from mtaa.core.card import Card
from mtaa.core.conformal import CalibrationSet, Conformal, Limits


def test_a_clear_case(card: Card) -> None:
    said, warnings = conclude(card, np.array([20.0, 0, 0]), np.array([9.0, 1, 8]), 60.4)
    assert said.conclusion == "adversarial"
    assert (said.attack.label, said.victim.label) == ("fgsm", "vgg16")
    assert said.hyperparameter is not None
    assert (said.hyperparameter.symbol, said.hyperparameter.low, said.hyperparameter.high) == ("ε", 56.4, 64.4)
    assert said.sentence == "FGSM (> 99.9%) on VGG16 (> 99.9%), ε = 60.4/255 (56.4 to 64.4)."
    assert warnings == []


def test_temperature_softens_probabilities(card: Card) -> None:
    said, _ = conclude(card, np.array([2.0, 0, 0]), np.zeros(3), 60)
    expected = np.exp(1.0) / (np.exp(1.0) + 2)
    assert said.attack.probability == pytest.approx(expected)
    assert sum(said.attack.probabilities.values()) == pytest.approx(1)


def test_an_adversarial_image_has_a_victim_and_a_clean_one_has_none(card: Card) -> None:
    attacked, _ = conclude(card, np.array([20.0, 0, 0]), np.array([1.0, 0, 9]), 60)
    assert attacked.victim.label == "vgg16"
    assert attacked.victim.probabilities["none"] == 0
    clean, _ = conclude(card, np.array([0, 0, 20.0]), np.array([9.0, 0, 1]), 60)
    assert (clean.conclusion, clean.victim.label, clean.hyperparameter) == ("clean", "none", None)


def test_between_the_thresholds_it_is_inconclusive(card: Card) -> None:
    said, _ = conclude(card, np.array([1.0, 0, 1.0]), np.array([9.0, 0, 0]), 60)
    assert said.conclusion == "inconclusive"
    assert said.sentence.startswith("Undecided")


def test_kappa_beyond_the_victims_reach_is_a_lower_bound(card: Card) -> None:
    said, _ = conclude(card, np.array([0, 20.0, 0]), np.array([9.0, 0, 0]), 13)
    assert said.hyperparameter is not None
    assert said.hyperparameter.saturated
    assert "κ at least 10.0 logits." in said.sentence
    other, _ = conclude(card, np.array([0, 20.0, 0]), np.array([0, 9.0, 0]), 13)
    assert other.hyperparameter is not None
    assert not other.hyperparameter.saturated


def test_doubts_are_said(card: Card) -> None:
    _, outside = conclude(card, np.array([20.0, 0, 0]), np.array([9.0, 0, 0]), 230)
    assert outside == ["ε lies outside the 10 to 200/255 that this checkpoint has learnt."]
    blind = card.model_copy(update={"attacks": ["fgsm", "cw"], "victims": ["vgg16", "vgg19"]})
    said, warned = conclude(blind, np.array([20.0, 0]), np.array([9.0, 0]), 60)
    assert said.conclusion == "inconclusive"
    assert said.adversarial_probability is None
    assert "knows no clean class" in warned[0]


def test_an_attack_backs_off_where_it_cannot_be_told(card: Card) -> None:
    torn = card.model_copy(update={"attacks": ["fgsm", "pgd", "clean"], "units": {"fgsm": "1/255", "pgd": "1/255"}})
    intervals = card.calibration.intensity.model_copy(update={"low": {"fgsm": 4.0, "pgd": 4.0}})
    intervals = intervals.model_copy(update={"high": {"fgsm": 4.0, "pgd": 4.0}})
    torn = torn.model_copy(update={"calibration": card.calibration.model_copy(update={"intensity": intervals})})
    said, _ = conclude(torn, np.array([20.0, 19.8, 0]), np.array([9.0, 0, 0]), 60)
    assert said.kind is not None
    assert (said.kind.level, said.kind.members) == ("norm", ["fgsm", "pgd"])
    assert said.sentence == "An L∞ attack (> 99.9%) on VGG16 (> 99.9%), ε = 60.0/255 (56.0 to 64.0)."


def conformal(**none: None) -> Conformal:
    """At 90 % and, twice as wide, at 95 %; `none` names what nothing is promised of for C&W."""
    found = []
    for level, scale in ((0.9, 1.0), (0.95, 2.0)):
        limits = {
            "attack": {"fgsm": 3 * scale, "cw": 1 * scale, "clean": 0.5},
            "victim": {"fgsm": 2 * scale, "cw": 4 * scale},
            "low": {"fgsm": 5 * scale, "cw": 1 * scale},
            "high": {"fgsm": 6 * scale, "cw": 1 * scale},
        }
        told = {name: part | ({"cw": None} if name in none else {}) for name, part in limits.items()}
        found.append(Limits(level=level, **told))
    made = CalibrationSet(
        scenario="s", scenario_sha256="", data_sha256="", seed=0, precision="float32", fresh=True, examples={}
    )
    return Conformal(limits=found, fitted_on=made)


def calibrated(card: Card, **none: None) -> Card:
    fitted = card.calibration.model_copy(update={"conformal": conformal(**none)})
    return card.model_copy(update={"calibration": fitted})


def test_sets_and_intervals_come_from_the_card(card: Card) -> None:
    said, _ = conclude(calibrated(card), np.array([20.0, 18.5, 19.7]), np.array([9.0, 6, 20]), 60)
    ninety, more = said.coverage
    assert (ninety.level, ninety.attacks, ninety.victims) == (0.9, ["fgsm", "clean"], ["vgg16"])
    assert (ninety.low, ninety.high) == (55, 66)
    assert (more.level, more.attacks, more.victims) == (0.95, ["fgsm", "clean", "cw"], ["vgg16", "vgg19"])
    assert (more.low, more.high) == (50, 72)
    clean, _ = conclude(calibrated(card), np.array([0.0, 0, 20]), np.array([9.0, 6, 20]), 60)
    assert [(one.attacks, one.victims, one.low) for one in clean.coverage] == [(["clean"], [], None)] * 2
    assert conclude(card, np.array([20.0, 0, 0]), np.array([9.0, 6, 0]), 60)[0].coverage == []


def test_where_nothing_can_be_promised_all_that_is_learnt_is_told(card: Card) -> None:
    knowing = calibrated(card, victim=None, low=None, high=None)
    said, _ = conclude(knowing, np.array([0, 20.0, 0]), np.array([9.0, 0, 0]), 5)
    assert (said.coverage[0].victims, said.coverage[0].low, said.coverage[0].high) == (["vgg16", "vgg19"], 2, 16)


def test_the_unit_is_the_cards_and_older_cards_follow_from_the_symbol(card: Card) -> None:
    assert card.units == {"fgsm": "1/255", "cw": "logits"}
    old = card.model_dump(exclude={"units"})
    assert Card.model_validate(old) == card
    radius = Card.model_validate({**old, "units": {"fgsm": "L2", "cw": "logits"}})
    said, warned = conclude(radius, np.array([20.0, 0, 0]), np.array([9.0, 0, 0]), 230)
    assert said.hyperparameter is not None
    assert said.hyperparameter.unit == "L2"
    assert not said.hyperparameter.saturated  # what C&W reaches is a margin, and no bound of a radius
    assert warned == ["ε lies outside the 10 to 200 in L2 that this checkpoint has learnt."]
