"""From answers to rows: figures of a maker's examples beside those of our own examples of the same images."""

from collections.abc import Iterator

import numpy as np

from mtaa.evaluation import metrics, paired
from mtaa.evaluation.metrics import Figure
from mtaa.evaluation.paired import Difference
from mtaa.experiments.faithfulness.answers import Answers, Truths
from mtaa.experiments.faithfulness.record import ALL, TARGETS, Compared, Population, Row, Verdict


def rows(
    maker: str, truths: Truths, theirs: Answers, own: Answers, attacks: list[str], victims: list[str]
) -> Iterator[Row]:
    """Every row of one maker: all attacks on all victims, then each attack on all victims and on each."""
    every = np.ones(len(truths.attack), bool)
    cells = [(ALL, ALL, every)]
    for place, attack in enumerate(attacks):
        mine = truths.attack == place
        cells.append((attack, ALL, mine))
        cells += [(attack, name, mine & (truths.victim == number)) for number, name in enumerate(victims)]
    both = theirs.reached & own.reached
    for attack, victim, chosen in cells:
        if chosen.any():
            yield _row(maker, attack, victim, "all", truths.take(chosen), theirs.take(chosen), own.take(chosen))
        if (chosen & both).any() and (chosen & ~both).any():
            chosen = chosen & both
            yield _row(maker, attack, victim, "reached", truths.take(chosen), theirs.take(chosen), own.take(chosen))


def _row(
    maker: str, attack: str, victim: str, population: Population, truths: Truths, theirs: Answers, own: Answers
) -> Row:
    found = {
        "attack_accuracy": _share(theirs.attack_right, own.attack_right, truths.attack if attack == ALL else None),
        "victim_accuracy": _share(theirs.victim_right, own.victim_right, truths.victim if victim == ALL else None),
        "fooled": _share(theirs.fooled, own.fooled),
        "reached": _share(theirs.reached, own.reached),
    }
    for name, mine in (("epsilon_rmse", truths.is_epsilon), ("kappa_rmse", ~truths.is_epsilon)):
        if mine.any():
            wanted = truths.intensity[mine]
            found[name] = _rmse(theirs.take(mine), own.take(mine), wanted, wanted, truths.source[mine])
    if (kappa := ~truths.is_epsilon).any():
        at, ours = theirs.take(kappa), own.take(kappa)
        found["margin_rmse"] = _rmse(at, ours, at.margin, ours.margin, truths.source[kappa])
    flat, elsewhere = theirs.flat.sum(), theirs.elsewhere.sum()
    equal_flat, equal_elsewhere = theirs.equal_flat.sum(), theirs.equal_elsewhere.sum()
    return Row(
        maker=maker,
        attack=attack,
        victim=victim,
        population=population,
        count=len(truths.attack),
        figures=found,
        equal_pixels=round(float((equal_flat + equal_elsewhere) / (flat + elsewhere)), 4),
        equal_flat=round(float(equal_flat / flat), 4) if flat else None,
        equal_elsewhere=round(float(equal_elsewhere / elsewhere), 4) if elsewhere else None,
        unchanged=round(float(theirs.unchanged.mean()), 4),
        verdicts={name: verdict(name, figure) for name, figure in found.items() if name in TARGETS},
    )


def verdict(name: str, figure: Compared) -> Verdict:
    """Whether examples are read no worse than our own by more than the target of the figure `name` allows."""
    worse = (figure.difference_low, figure.difference_high)
    if not name.endswith("rmse"):
        worse = (-figure.difference_high, -figure.difference_low)
    if worse[1] <= TARGETS[name]:
        return "met"
    return "missed" if worse[0] > TARGETS[name] else "undecided"


def _share(theirs: np.ndarray, own: np.ndarray, classes: np.ndarray | None = None) -> Compared:
    floor = None if classes is None else metrics.majority(classes)
    return _compared(metrics.accuracy(theirs, floor), float(own.mean()), paired.of_shares(own, theirs))


def _rmse(theirs: Answers, own: Answers, true: np.ndarray, own_true: np.ndarray, source: np.ndarray) -> Compared:
    errors, own_errors = theirs.predicted - true, own.predicted - own_true
    figure = metrics.rmse(theirs.predicted, true, source, metrics.constant_rmse(true))
    mine = float(np.sqrt(np.mean(own_errors.astype(np.float64) ** 2)))
    return _compared(figure, mine, paired.of_rmses(own_errors, errors, source))


def _compared(figure: Figure, own: float, difference: Difference) -> Compared:
    value, low, high = (round(part, 4) for part in difference)
    return Compared(
        **figure.model_dump(), own=round(own, 4), difference=value, difference_low=low, difference_high=high
    )
