from dataclasses import replace

import numpy as np
import pytest

from mtaa.core.card import IntensityCalibration
from mtaa.dataset.read import read_split
from mtaa.evaluation.calibration import calibrate, temperature
from mtaa.evaluation.figures import figures
from mtaa.evaluation.predict import Predictions
from mtaa.scenario import Scenario

WIDTHS = {"fgsm": 2.0, "pgd": 3.0, "cw": 1.0}
INTERVALS = IntensityCalibration(level=0.9, low=WIDTHS, high={name: 10 * width for name, width in WIDTHS.items()})


def hot(places: np.ndarray, classes: int) -> np.ndarray:
    return np.eye(classes, dtype=np.float32)[places] * 5


@pytest.fixture
def oracle(generated: Scenario) -> Predictions:
    examples = read_split(generated, "test")
    return Predictions(hot(examples.attack, 4), hot(examples.victim, 3), examples.intensity.copy())


def test_a_perfect_answer(generated: Scenario, oracle: Predictions) -> None:
    found = figures(generated, read_split(generated, "test"), oracle, INTERVALS)
    for name in ("attack_accuracy", "victim_accuracy", "joint_accuracy_adversarial", "victim_accuracy_side_28"):
        assert found.overall[name].value == 1, name
    assert found.overall["intensity_rmse"].value == 0
    assert found.overall["false_alarm_rate"].value == 0
    assert all(level["intensity_bias"].value == 0 for level in found.by_intensity["fgsm"].values())
    assert found.overall["intensity_rmse"].floor is not None
    assert set(found.by_attack) == set(generated.attack_labels)
    assert set(found.by_intensity["pgd"]) == {"40", "100", "160"}
    assert sum(figure["attack_accuracy"].count for figure in found.by_intensity["cw"].values()) == 36


def test_coverage_counts_what_each_interval_holds(generated: Scenario, oracle: Predictions) -> None:
    examples = read_split(generated, "test")
    pgd = np.flatnonzero(examples.attack == 1)
    oracle.intensity[pgd[0]] += 3.5  # the truth is below the interval
    oracle.intensity[pgd[1]] -= 29  # and here it is still inside, above the prediction
    oracle.attack_logits[pgd[2]] = hot(np.array([0]), 4)[0]  # named wrong: not counted
    found = figures(generated, examples, oracle, INTERVALS)
    counted = found.by_attack["pgd"]["interval_coverage"]
    assert (counted.count, counted.value) == (len(pgd) - 1, pytest.approx(1 - 1 / (len(pgd) - 1), abs=1e-4))
    assert found.by_attack["fgsm"]["interval_coverage"].value == 1
    assert "interval_coverage" not in found.by_attack["clean"]


def test_one_fault_shows_just_where_it_is(generated: Scenario, oracle: Predictions) -> None:
    examples = read_split(generated, "test")
    pgd, clean = np.flatnonzero(examples.attack == 1), np.flatnonzero(examples.attack == 3)
    oracle.intensity[pgd[0]] += 90
    oracle.attack_logits[clean[0]] = hot(np.array([2]), 4)[0]
    found = figures(generated, examples, oracle, INTERVALS)
    assert found.overall["false_alarm_rate"].value == pytest.approx(1 / len(clean), abs=1e-4)
    assert found.by_attack["fgsm"]["intensity_rmse"].value == 0
    assert found.by_attack["pgd"]["intensity_rmse"].value == pytest.approx(90 / np.sqrt(len(pgd)), abs=1e-3)
    level = f"{examples.intensity[pgd[0]]:g}"
    bias = found.by_intensity["pgd"][level]["intensity_bias"]
    assert bias.value == pytest.approx(90 / bias.count, abs=1e-3)
    attacked = (examples.attack != 3).sum()
    assert found.overall["joint_accuracy_adversarial"].value == pytest.approx(1 - 1 / attacked, abs=1e-4)
    assert found.confusion["attack"]["counts"][3] == [0, 0, 1, len(clean) - 1]


def test_temperature_finds_the_scale_that_was_hidden() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (20_000, 5))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    true = (random.random((20_000, 1)) > shares.cumsum(1)).sum(1)
    assert temperature(logits * 3, true) == pytest.approx(3, rel=0.05)


def test_a_perfect_split_does_not_give_certainty() -> None:
    logits = hot(np.arange(300) % 3, 3)
    scaled = logits / temperature(logits, np.arange(300) % 3)
    assert np.exp(scaled).max() / np.exp(scaled[0]).sum() < 0.9999


def test_calibration_has_widths_for_every_attack(generated: Scenario, oracle: Predictions) -> None:
    found = calibrate(generated, read_split(generated, "test"), oracle, "da")
    assert found.conformal is not None
    assert found.conformal.fitted_on.examples == {"fgsm": 36, "pgd": 36, "cw": 36, "clean": 40}
    assert set(found.intensity.low) == set(found.intensity.high) == {"fgsm", "pgd", "cw"}
    assert all(width == 0 for width in found.intensity.low.values())


def test_false_alarms_are_counted_by_what_changed_the_image(generated: Scenario, oracle: Predictions) -> None:
    examples = read_split(generated, "test")
    clean = np.flatnonzero(examples.attack == 3)
    control = examples.control.copy()
    control[clean[:10]], control[clean[10:15]] = "jpeg", "noise"
    oracle.attack_logits[clean[:4]] = hot(np.array([2]), 4)[0]
    found = figures(generated, replace(examples, control=control), oracle, INTERVALS).overall
    assert (found["false_alarm_rate_jpeg"].value, found["false_alarm_rate_jpeg"].count) == (0.4, 10)
    assert (found["false_alarm_rate_noise"].value, found["false_alarm_rate_noise"].count) == (0, 5)
    assert (found["false_alarm_rate"].value, found["false_alarm_rate"].count) == (0, len(clean) - 15)
