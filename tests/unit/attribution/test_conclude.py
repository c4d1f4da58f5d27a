import numpy as np
import pytest

from mtaa.attribution.conclude import conclude
from mtaa.core.card import Card


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
    assert "κ ≥ 13.0 logits (10.0 or more)" in said.sentence
    other, _ = conclude(card, np.array([0, 20.0, 0]), np.array([0, 9.0, 0]), 13)
    assert other.hyperparameter is not None
    assert not other.hyperparameter.saturated


def test_doubts_are_said(card: Card) -> None:
    _, undecided = conclude(card, np.array([20.0, 0, 0]), np.array([1.0, 1.1, -9]), 60)
    assert undecided == ["Within the VGG family the source model is undecided between VGG19 (52.5%) and VGG16 (47.5%)."]
    _, outside = conclude(card, np.array([20.0, 0, 0]), np.array([9.0, 0, 0]), 230)
    assert outside == ["ε lies outside the 10 to 200/255 that this checkpoint has learnt."]
    blind = card.model_copy(update={"attacks": ["fgsm", "cw"], "victims": ["vgg16", "vgg19"]})
    said, warned = conclude(blind, np.array([20.0, 0]), np.array([9.0, 0]), 60)
    assert said.conclusion == "inconclusive"
    assert said.adversarial_probability is None
    assert "knows no clean class" in warned[0]


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
