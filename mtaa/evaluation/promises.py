"""Conformal sets and intervals held against the truth: as often right as they promise, and how narrow they are."""

from collections.abc import Mapping, Sequence

import numpy as np

from mtaa.core.card import Card
from mtaa.core.conformal import Limits, answers
from mtaa.core.labels import CLEAN, NOBODY
from mtaa.dataset.examples import Examples
from mtaa.evaluation import metrics
from mtaa.evaluation.conformal import misses
from mtaa.evaluation.predict import Predictions
from mtaa.evaluation.record import Held, Promise
from mtaa.scenario.record import Scenario


def promises(card: Card, scenario: Scenario, examples: Examples, predictions: Predictions) -> list[Promise]:
    """By level, of what verdicts of `card` say of `examples`; none where it was not calibrated for it."""
    if card.calibration.conformal is None:
        return []
    return [_promise(card, scenario, one, examples, predictions) for one in card.calibration.conformal.limits]


def _promise(card: Card, scenario: Scenario, limits: Limits, examples: Examples, predictions: Predictions) -> Promise:
    names = np.array(card.attacks)
    true, named = names[examples.attack], names[predictions.attack]
    attack = _sets(card.attacks, predictions.attack_logits, [limits.attack] * len(true), true)
    told = named != CLEAN
    models = [place for place, name in enumerate(card.victims) if name != NOBODY]
    titles = [card.victims[place] for place in models]
    by_named: list[Mapping[str, float | None]] = [dict.fromkeys(titles, limits.victim[name]) for name in named[told]]
    of_victims = np.array(card.victims)[examples.victim[told]]
    victim = _sets(titles, predictions.victim_logits[told][:, models], by_named, of_victims)
    return Promise(
        level=limits.level,
        attack={name: _held(*attack, chosen) for name, chosen in _cells(card.attacks, true)},
        victim={name: _held(*victim, chosen) for name, chosen in _cells(card.attacks, named[told])},
        intensity=_intervals(card, limits, misses(scenario, examples, predictions)[told], named[told]),
    )


def _sets(
    names: list[str], logits: np.ndarray, limits: Sequence[Mapping[str, float | None]], true: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Whether (n,) the true name is in each set, and how many names (n,) are, from `logits` (n, K)."""
    sets = [
        answers(dict(zip(names, row, strict=True)), limit) for row, limit in zip(logits.tolist(), limits, strict=True)
    ]
    inside = [name in found for name, found in zip(true.tolist(), sets, strict=True)]
    return np.array(inside, bool), np.array([len(found) for found in sets])


def _intervals(card: Card, limits: Limits, error: np.ndarray, named: np.ndarray) -> dict[str, Held]:
    """Of true less told intensities `error` (n,), not a number where no interval can hold them."""
    found = {}
    ends = {name: (limits.low[name], limits.high[name]) for name in limits.low}
    whole = {name: last - first for name, (first, last) in card.intensity_grids.items()}
    for name, chosen in _cells(card.attacks, named):
        if name == "all":
            continue  # attacks have no common unit
        below, above = (whole[name] if end is None else end for end in ends[name])
        inside = (error[chosen] >= -below) & (error[chosen] <= above)
        found[name] = Held(coverage=metrics.accuracy(inside), size=round(below + above, 4))
    return found


def _held(inside: np.ndarray, sizes: np.ndarray, chosen: np.ndarray) -> Held:
    return Held(
        coverage=metrics.accuracy(inside[chosen]),
        size=round(float(sizes[chosen].mean()), 4),
        single=round(float((sizes[chosen] == 1).mean()), 4),
    )


def _cells(names: list[str], labels: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """`all` and each name that occurs among `labels` (n,), with where (n,) it does."""
    found = [("all", np.ones(len(labels), bool)), *((name, labels == name) for name in names)]
    return [(name, chosen) for name, chosen in found if chosen.any()]
