"""Conformal thresholds of a checkpoint on held-back examples: what holds of them holds of new images like them.

Split-conformal and Mondrian (Vovk, Gammerman and Shafer 2005, ch. 2 and 4). Sets of attacks are calibrated by the true
class, so that each attack is among the answers at the promised rate however rare it is; source models and intensities
by the attack that is named, which is what a reader knows. The score is the difference between the highest logit and
that of a class: a set always holds the likeliest class, and no temperature enters it, so that temperatures and
thresholds may be fitted on the same examples. Quantiles are those of crepes (Boström), whose Mondrian categories MAPIE
1.6 does not offer; crepes is needed to calibrate alone, since a verdict reads its thresholds off the card.
"""

import warnings

import numpy as np

from mtaa.attacks import ATTACKS
from mtaa.core.conformal import LEVELS, Limits
from mtaa.core.labels import CLEAN, NOBODY
from mtaa.dataset.examples import Examples
from mtaa.evaluation.predict import Predictions
from mtaa.scenario.record import Scenario


def limits(scenario: Scenario, examples: Examples, predictions: Predictions) -> list[Limits]:
    """Thresholds at each of `LEVELS` for the labels of `scenario`, from the `predictions` on `examples`."""
    attacks, named = scenario.attack_labels, predictions.attack
    told = np.array([name != CLEAN for name in attacks])[named]
    of_victims, error = victim_scores(scenario, examples, predictions), misses(scenario, examples, predictions)
    below, above = np.maximum(0, -error), np.maximum(0, error)
    below[np.isnan(error)] = above[np.isnan(error)] = np.inf  # no interval around it holds what has another unit
    found = []
    for level in LEVELS:
        tail = 1 - (1 - level) / 2  # each side of an interval leaves out half of the rest
        found.append(
            Limits(
                level=level,
                attack=_quantiles(attacks, examples.attack, margins(predictions.attack_logits, examples.attack), level),
                victim=_quantiles(attacks, named[told], of_victims[told], level, but=CLEAN),
                low=_quantiles(attacks, named[told], below[told], tail, but=CLEAN),
                high=_quantiles(attacks, named[told], above[told], tail, but=CLEAN),
            )
        )
    return found


def margins(logits: np.ndarray, true: np.ndarray) -> np.ndarray:
    """How far (n,) the logit of the class `true` (n,) lies below the highest of `logits` (n, K)."""
    scores = logits.astype(np.float64)
    found: np.ndarray = scores.max(1) - scores[np.arange(len(true)), true]
    return found


def victim_scores(scenario: Scenario, examples: Examples, predictions: Predictions) -> np.ndarray:
    """`margins` (n,) of the true source model among source models; infinite for clean images, which have none."""
    models = [place for place, name in enumerate(scenario.victim_labels) if name != NOBODY]
    is_model = np.isin(examples.victim, models)
    true = np.where(is_model, np.searchsorted(models, examples.victim), 0)
    return np.where(is_model, margins(predictions.victim_logits[:, models], true), np.inf)


def misses(scenario: Scenario, examples: Examples, predictions: Predictions) -> np.ndarray:
    """True less told intensity (n,); not a number where the true one is in another unit than the attack named has."""
    units = np.array([ATTACKS[spec.name].unit for spec in scenario.attacks] + [""])
    same = units[examples.attack] == units[predictions.attack]
    return np.where(same, examples.intensity.astype(np.float64) - predictions.intensity, np.nan)


def _quantiles(
    names: list[str], categories: np.ndarray, scores: np.ndarray, level: float, but: str = ""
) -> dict[str, float | None]:
    """By name, the least threshold that at least `level` of new scores (≥ 0) of its category keep to.

    `categories` are places in `names`. None where no threshold does: too few examples, or too many infinite scores.
    """
    from crepes import ConformalRegressor  # brings pandas, which evaluating does not need

    found: dict[str, float | None] = {name: None for name in names if name != but}
    present = np.unique(categories)
    if len(present):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of too few examples, which None says
            fitted = ConformalRegressor().fit(scores, bins=categories)
            ends = fitted.predict_int(np.zeros(len(present)), bins=present, confidence=level)[:, 1]
        found |= {
            names[place]: float(end) if np.isfinite(end) else None for place, end in zip(present, ends, strict=True)
        }
    return found
