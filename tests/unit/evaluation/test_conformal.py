"""Thresholds keep what they promise on new data, are those of crepes' own sets, and promise nothing on too few."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from crepes import ConformalClassifier

from mtaa.core.conformal import LEVELS, answers
from mtaa.evaluation.conformal import CLEAN, NOBODY, limits, margins, misses, victim_scores
from mtaa.evaluation.predict import Predictions
from mtaa.scenario import Scenario

ATTACKS, MODELS = ("fgsm", "pgd", "cw"), 3


class Drawn(SimpleNamespace):
    """As much of `Examples` as is looked at."""

    def __len__(self) -> int:
        return len(self.attack)


def drawn(count: int, seed: int) -> tuple[Any, Predictions]:
    """Examples of all attacks and clean ones, and answers to them that are often wrong about C&W's source model."""
    random = np.random.default_rng(seed)
    attack = random.integers(0, 4, count)
    victim = np.where(attack == 3, MODELS, random.integers(0, MODELS, count))
    intensity = np.where(attack == 3, 0, random.uniform(10, 200, count)).astype(np.float32)
    sharp = np.array([4.0, 3.0, 1.0, 5.0])[attack][:, None]
    said = Predictions(
        (5 * np.eye(4)[attack] + random.normal(0, 1, (count, 4))).astype(np.float32),
        (sharp * np.eye(4)[victim] + random.normal(0, 1, (count, 4))).astype(np.float32),
        (intensity + random.gamma(2, 3, count) - 4).astype(np.float32),
    )
    return Drawn(attack=attack, victim=victim, intensity=intensity), said


@pytest.fixture
def scenario(smoke: Scenario) -> Scenario:
    """FGSM, PGD, C&W and clean images on three models; no example of it is made."""
    return smoke.model_copy(update={"victims": ["resnet18", "vgg16", "vgg19"]})


def held(scores: np.ndarray, limit: float | None, level: float) -> None:
    """As often as promised; more often only where the likeliest answer alone is right more often."""
    assert limit is not None
    covered = np.mean(scores <= limit)
    assert covered >= level - 0.03
    assert covered <= level + 0.03 or limit == 0


def test_promises_hold_on_new_examples_by_attack(scenario: Scenario) -> None:
    found = limits(scenario, *drawn(6000, 0))
    examples, said = drawn(20_000, 1)
    names = [*ATTACKS, CLEAN]
    score, error = victim_scores(scenario, examples, said), misses(scenario, examples, said)
    for one in found:
        for place, name in enumerate(names):
            true = examples.attack == place
            held(margins(said.attack_logits[true], examples.attack[true]), one.attack[name], one.level)
        for place, name in enumerate(ATTACKS):
            told = said.attack == place
            held(score[told], one.victim[name], one.level)
            inside = (error[told] >= -one.low[name]) & (error[told] <= one.high[name])
            assert np.mean(inside) >= one.level - 0.03
    assert found[0].victim["cw"] > found[0].victim["fgsm"] == 0


def test_sets_are_those_of_crepes_p_values(scenario: Scenario) -> None:
    (calibration, told), (_, new) = drawn(500, 2), drawn(200, 3)
    one = limits(scenario, calibration, told)[0]
    alphas = new.attack_logits.max(1, keepdims=True) - new.attack_logits.astype(np.float64)
    cells = ConformalClassifier().fit(margins(told.attack_logits, calibration.attack), bins=calibration.attack)
    names = [*ATTACKS, CLEAN]
    for place, name in enumerate(names):
        p_values = cells.predict_p(alphas[:, place], bins=np.full(200, place), smoothing=False)
        ours = [name in answers(dict(zip(names, row, strict=True)), one.attack) for row in new.attack_logits.tolist()]
        np.testing.assert_array_equal(ours, p_values > 1 - one.level)


def test_thresholds_are_order_statistics(scenario: Scenario) -> None:
    examples, said = drawn(700, 4)
    score, told = victim_scores(scenario, examples, said), said.attack == 1
    ranked = np.sort(score[told])
    for one in limits(scenario, examples, said):
        assert one.victim["pgd"] == ranked[int(np.ceil(one.level * (len(ranked) + 1) - 1e-9)) - 1]


def test_too_few_examples_promise_nothing(scenario: Scenario) -> None:
    examples, said = drawn(60, 5)
    ninety, more = limits(scenario, examples, said)
    assert (ninety.level, more.level) == LEVELS
    assert more.attack["fgsm"] is None
    assert more.low["pgd"] is None
    assert ninety.attack["fgsm"] is not None
    assert CLEAN not in more.victim | more.low


def test_what_has_no_source_model_or_another_unit_is_a_miss(scenario: Scenario) -> None:
    """Named FGSM: an FGSM example, a clean image, one of C&W, one of PGD."""
    examples = Drawn(
        attack=np.array([0, 3, 2, 1]), victim=np.array([0, 3, 1, 2]), intensity=np.array([40, 0, 5, 60], np.float32)
    )
    said = Predictions(
        np.tile(np.float32([9, 0, 0, 0]), (4, 1)), np.tile(np.float32([2, 1, 0, 9]), (4, 1)), np.full(4, 50, np.float32)
    )
    assert scenario.victim_labels[-1] == NOBODY
    assert victim_scores(scenario, examples, said).tolist() == [0, np.inf, 1, 2]
    np.testing.assert_array_equal(misses(scenario, examples, said), [-10, np.nan, np.nan, 10])
    for one in limits(scenario, examples, said):
        assert one.victim["fgsm"] is None
        assert one.low["fgsm"] is None
