"""All figures of one set of predictions: overall, by attack, by victim, by intensity."""

import numpy as np

from mtaa.core.card import IntensityCalibration
from mtaa.core.labels import CLEAN
from mtaa.dataset.examples import Examples
from mtaa.evaluation import metrics
from mtaa.evaluation.predict import Predictions
from mtaa.evaluation.record import Figure, Figures
from mtaa.scenario.record import Scenario
from mtaa.victims import side as side_of


def figures(
    scenario: Scenario, examples: Examples, predictions: Predictions, calibration: IntensityCalibration
) -> Figures:
    """Measure `predictions`, and the intervals of `calibration` around them, against the truth of `examples`."""
    attacks, victims = scenario.attack_labels, scenario.victim_labels
    right_attack = predictions.attack == examples.attack
    right_victim = predictions.victim == examples.victim
    attacked = np.ones(len(examples), bool)
    if CLEAN in attacks:
        attacked = examples.attack != attacks.index(CLEAN)
    steps = np.array([spec.intensities.step for spec in scenario.attacks] + [0.0])
    near = np.abs(predictions.intensity - examples.intensity) <= steps[examples.attack] + 1e-6
    overall = {
        "attack_accuracy": metrics.accuracy(right_attack, metrics.majority(examples.attack)),
        "victim_accuracy": metrics.accuracy(right_victim, metrics.majority(examples.victim)),
        "victim_accuracy_adversarial": metrics.accuracy(
            right_victim[attacked], metrics.majority(examples.victim[attacked])
        ),
        "joint_accuracy_adversarial": metrics.accuracy((right_attack & right_victim & near)[attacked]),
        "intensity_rmse": _rmse(examples, predictions, attacked),
        "intensity_rmse_reached": _rmse(examples, predictions, attacked & examples.reached),
        "fooling_rate": metrics.accuracy(examples.fooled[attacked]),
        **_one_geometry(scenario, examples, right_victim, attacked),
    }
    if not attacked.all():
        wrong = predictions.attack != attacks.index(CLEAN)
        for control in sorted(set(examples.control[~attacked].tolist())):
            name = f"false_alarm_rate_{control}" if control else "false_alarm_rate"
            overall[name] = metrics.accuracy(wrong[~attacked & (examples.control == control)])
        overall["missed_rate"] = metrics.accuracy(~wrong[attacked])

    def cell(chosen: np.ndarray, with_rmse: bool = True) -> dict[str, Figure]:
        found = {
            "attack_accuracy": metrics.accuracy(right_attack[chosen]),
            "victim_accuracy": metrics.accuracy(right_victim[chosen]),
        }
        if with_rmse:
            found["intensity_rmse"] = _rmse(examples, predictions, chosen)
        return found

    def level(chosen: np.ndarray) -> dict[str, Figure]:
        error = metrics.bias(predictions.intensity[chosen], examples.intensity[chosen], examples.source[chosen])
        return {**cell(chosen), "intensity_bias": error}

    by_attack = {n: cell(examples.attack == k, n != CLEAN) for k, n in enumerate(attacks)}
    covered = _covered(attacks, examples, predictions, calibration)
    for place, name in enumerate(attacks):
        named = right_attack & (examples.attack == place)
        if name in calibration.low and named.any():
            by_attack[name]["interval_coverage"] = metrics.accuracy(covered[named])
    if (named := right_attack & attacked).any():
        overall["interval_coverage"] = metrics.accuracy(covered[named])
    return Figures(
        overall=overall,
        by_attack=by_attack,
        by_victim={n: cell(examples.victim == k, n in scenario.victims) for k, n in enumerate(victims)},
        by_intensity={
            spec.name: {
                f"{value:g}": level((examples.attack == k) & (np.abs(examples.intensity - value) < 1e-3))
                for value in spec.intensities.values()
            }
            for k, spec in enumerate(scenario.attacks)
        },
        confusion={
            "attack": {
                "labels": attacks,
                "counts": metrics.confusion(examples.attack, predictions.attack, len(attacks)),
            },
            "victim": {
                "labels": victims,
                "counts": metrics.confusion(examples.victim, predictions.victim, len(victims)),
            },
        },
    )


def _rmse(examples: Examples, predictions: Predictions, chosen: np.ndarray) -> Figure:
    true = examples.intensity[chosen]
    floor = metrics.constant_rmse(true)
    return metrics.rmse(predictions.intensity[chosen], true, examples.source[chosen], floor)


def _covered(
    attacks: list[str], examples: Examples, predictions: Predictions, calibration: IntensityCalibration
) -> np.ndarray:
    """Where (n,) the true intensity lies in the interval given for the attack that was named."""
    low, high = (
        np.array([widths.get(name, 0.0) for name in attacks])[predictions.attack]
        for widths in (calibration.low, calibration.high)
    )
    error = examples.intensity - predictions.intensity
    inside: np.ndarray = (error >= -low) & (error <= high)
    return inside


def _one_geometry(scenario: Scenario, examples: Examples, right: np.ndarray, attacked: np.ndarray) -> dict[str, Figure]:
    """Victim accuracy among those that compute at one side: resizing leaves its own trace, which tells sides apart.

    Of a model that was brought elsewhere the side is not known, so it is among none.
    """
    sides = [side_of(scenario.images, name) for name in scenario.victims]
    found = {}
    for side in sorted({side for side in sides if side is not None}):
        members = [place for place, other in enumerate(sides) if other == side]
        chosen = attacked & np.isin(examples.victim, members)
        if len(members) > 1 and chosen.any():
            floor = metrics.majority(examples.victim[chosen])
            found[f"victim_accuracy_side_{side}"] = metrics.accuracy(right[chosen], floor)
    return found
