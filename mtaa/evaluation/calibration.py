"""Making probabilities and intervals mean what they say, on the validation split."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from mtaa.core.card import Calibration, IntensityCalibration
from mtaa.dataset.examples import Examples
from mtaa.evaluation.predict import Predictions

LEVEL = 0.9


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


def intensity_widths(predicted: np.ndarray, true: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """How far below and above the prediction the truth lies in `level` of cases: conformal quantiles, each ≥ 0."""
    residuals = np.sort(true - predicted)
    count = len(residuals)
    # The rank that covers at least `level` of new examples, each tail having half of the rest (Vovk et al. 2005).
    rank = min(count, int(np.ceil((1 - (1 - level) / 2) * (count + 1))))
    return max(0.0, -float(residuals[count - rank])), max(0.0, float(residuals[rank - 1]))


def calibrate(examples: Examples, predictions: Predictions, attacks: list[str]) -> Calibration:
    """Temperatures of both heads, and interval widths of the intensity for each attack named right."""
    low, high = {}, {}
    for place, name in enumerate(attacks):
        mine = examples.attack == place
        named = mine & (predictions.attack == place)
        chosen = named if named.any() else mine  # of one that is never named right, at least a width that is honest
        if name != "clean" and chosen.any():
            low[name], high[name] = intensity_widths(predictions.intensity[chosen], examples.intensity[chosen])
    return Calibration(
        attack_temperature=temperature(predictions.attack_logits, examples.attack),
        victim_temperature=temperature(predictions.victim_logits, examples.victim),
        intensity=IntensityCalibration(level=LEVEL, low=low, high=high),
    )
