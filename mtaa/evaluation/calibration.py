"""Making probabilities, sets and intervals mean what they say, on validation examples."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from mtaa.core.card import Calibration, IntensityCalibration
from mtaa.core.conformal import CalibrationSet, Conformal, Limits
from mtaa.dataset.examples import Examples
from mtaa.evaluation.conformal import limits
from mtaa.evaluation.predict import Predictions
from mtaa.scenario.record import Scenario


def temperature(logits: np.ndarray, true: np.ndarray) -> float:
    """The T that makes softmax(logits / T) likeliest (Guo et al. 2017): logits (n, K), true (n,) int64.

    Kept within 0.05 and 20: where every answer is right the likeliest T is 0, which nobody should believe. One wrong
    answer more than there was is assumed (Laplace), so that a perfect validation split can't give certainty.
    """
    scores = logits.astype(np.float64)
    worst = scores.argmin(1)

    def loss(log_t: float) -> float:
        scaled = scores / np.exp(log_t)
        each = logsumexp(scaled, axis=1) - scaled[np.arange(len(true)), true]
        doubt = logsumexp(scaled, axis=1) - scaled[np.arange(len(true)), worst]
        return float(each.sum() + doubt.mean())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded").x))


def calibrate(
    scenario: Scenario, examples: Examples, predictions: Predictions, data_sha256: str, fresh: bool = False
) -> Calibration:
    """Temperatures of both heads and conformal thresholds for the labels of `scenario`, from `predictions` on
    validation `examples`, which were made with the seed and precision of `scenario`.

    data_sha256, fresh: as in `CalibrationSet`.
    """
    found, attacks = limits(scenario, examples, predictions), scenario.attack_labels
    fitted_on = CalibrationSet(
        scenario=scenario.name,
        scenario_sha256=scenario.hash,
        data_sha256=data_sha256,
        seed=scenario.seed,
        precision=scenario.precision.validation,
        fresh=fresh,
        examples={name: int((examples.attack == place).sum()) for place, name in enumerate(attacks)},
    )
    return Calibration(
        attack_temperature=temperature(predictions.attack_logits, examples.attack),
        victim_temperature=temperature(predictions.victim_logits, examples.victim),
        intensity=_intervals(scenario, found[0]),
        conformal=Conformal(limits=found, fitted_on=fitted_on),
    )


def _intervals(scenario: Scenario, lowest: Limits) -> IntensityCalibration:
    """The intervals at the lowest level; where nothing can be promised, as wide as what is learnt."""
    whole = {spec.name: spec.intensities.stop - spec.intensities.start for spec in scenario.attacks}
    low, high = (
        {name: whole[name] if width is None else width for name, width in widths.items()}
        for widths in (lowest.low, lowest.high)
    )
    return IntensityCalibration(level=lowest.level, low=low, high=high)
