"""Whether probabilities mean what they say: of the answers given at 80 %, are 80 % right?"""

import numpy as np
from scipy.special import softmax

from mtaa.core.card import Card
from mtaa.core.labels import CLEAN, NOBODY
from mtaa.dataset.examples import Examples
from mtaa.evaluation import metrics
from mtaa.evaluation.predict import Predictions
from mtaa.evaluation.record import Bin, Reliability

BINS = 10


def reliability(card: Card, examples: Examples, predictions: Predictions) -> dict[str, Reliability]:
    """By head, of the calibrated probabilities as verdicts tell them.

    `attack` is of all examples. `victim` is of adversarial ones named adversarial, where a verdict names a source
    model; left out where there are none.
    """
    calibration, attack = card.calibration, predictions.attack_logits.astype(np.float64)
    found = {"attack": _tempered(attack, calibration.attack_temperature, examples.attack, examples.source)}
    models = [place for place, name in enumerate(card.victims) if name != NOBODY]
    told = np.ones(len(examples), bool)
    if CLEAN in card.attacks:
        clean = card.attacks.index(CLEAN)
        told = (examples.attack != clean) & (predictions.attack != clean)
    if told.any():
        logits = predictions.victim_logits[told][:, models].astype(np.float64)
        true = np.searchsorted(models, examples.victim[told])
        found["victim"] = _tempered(logits, calibration.victim_temperature, true, examples.source[told])
    return found


def _tempered(logits: np.ndarray, temperature: float, true: np.ndarray, source: np.ndarray) -> Reliability:
    told = binned(softmax(logits / temperature, axis=1), true, source)
    untempered = binned(softmax(logits, axis=1), true, source).calibration_error
    return told.model_copy(update={"untempered": untempered})


def binned(probabilities: np.ndarray, true: np.ndarray, source: np.ndarray, bins: int = BINS) -> Reliability:
    """Reliability of the likeliest class of `probabilities` (n, K) against `true` (n,), empty bins left out.

    The error is the expected calibration error of Naeini et al. 2015, as in Guo et al. 2017 (eq. 3). `source` (n,) are
    the images that examples were made from, which are drawn for its interval.
    """
    best = probabilities.max(1)
    right = probabilities.argmax(1) == true
    places = np.minimum((best * bins).astype(int), bins - 1)
    found = []
    for place in np.unique(places):
        chosen = places == place
        found.append(Bin(probability=round(float(best[chosen].mean()), 4), right=metrics.accuracy(right[chosen])))
    gaps = np.zeros((len(true), bins))
    gaps[np.arange(len(true)), places] = best - right
    error = metrics.summed(np.abs(gaps.sum(0)).sum() / len(true), gaps, source)
    return Reliability(bins=found, calibration_error=error.value, low=error.low, high=error.high, count=len(true))
