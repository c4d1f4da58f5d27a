"""Base rates: the posterior is that of Bayes' rule, whatever share of attacked images was learnt from."""

from typing import Any

import pytest

from mtaa.core.prior import posterior, told, worked
from mtaa.scenario import load


@pytest.mark.parametrize("prior", [0.001, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("learnt", [0.2, 0.879])
def test_it_is_bayes_rule_on_likelihoods(prior: float, learnt: float) -> None:
    attacked, clean = 0.03, 0.002  # likelihoods of some image
    says = attacked * learnt / (attacked * learnt + clean * (1 - learnt))
    assert posterior(says, prior, learnt) == pytest.approx(attacked * prior / (attacked * prior + clean * (1 - prior)))
    assert posterior(says, learnt, learnt) == pytest.approx(says)


@pytest.mark.parametrize(("prior", "said"), [(0.001, "1 image in 1,000"), (0.5, "1 image in 2"), (0.9, "90%")])
def test_a_prior_in_words(prior: float, said: str) -> None:
    assert told(prior) == said


def test_certainty_stays_certain() -> None:
    assert posterior(0.7, 0, 0.5) == 0
    assert posterior(0.7, 1, 0.5) == 1
    assert posterior(1.0, 0.01, 0.5) == 1


def figures(alarms: float, missed: float) -> dict[str, Any]:
    return {"overall": {"false_alarm_rate": {"high": alarms}, "missed_rate": {"high": missed}}}


def test_the_worked_sentence_counts_images() -> None:
    said = worked(0.01, figures(0.01, 0.1))
    assert said is not None
    assert "Of 10,000 images 100 are attacked, and at least 90 of these are called so" in said
    assert "of the 9,900 clean ones up to 99 are, too (1.0% of them)" in said
    assert "at least 48% are" in said
    assert worked(0.01, {"overall": {}}) is None
    assert worked(0, figures(0, 0)) is None


def test_the_learnt_share_counts_controls_as_clean() -> None:
    scenario = load("smoke")
    # 3 attacks of 3 strengths on 2 victims, 40 a cell, and 200 clean.
    assert scenario.adversarial_share("train") == pytest.approx(720 / 920)
