"""Figures with 95 % intervals and the floor beside them, as pure functions of arrays."""

import numpy as np
from sklearn.metrics import confusion_matrix, roc_auc_score

from mtaa.core.intervals import wilson
from mtaa.evaluation.record import Figure

RESAMPLES = 1000


def accuracy(right: np.ndarray, floor: float | None = None) -> Figure:
    """Share of `right` (n,) bool with its Wilson score interval."""
    count, share = len(right), float(np.mean(right))
    return _rounded(share, *wilson(int(right.sum()), count), count, floor)


def rmse(
    predicted: np.ndarray, true: np.ndarray, source: np.ndarray, floor: float | None = None, seed: int = 0
) -> Figure:
    """Root mean squared error with its bootstrap interval; source images are drawn, since examples of one are alike."""
    squares = (predicted.astype(np.float64) - true) ** 2
    low, high = np.quantile(np.sqrt(_resampled_means(squares, source, seed)), [0.025, 0.975])
    return _rounded(float(np.sqrt(squares.mean())), low, high, len(true), floor)


def bias(predicted: np.ndarray, true: np.ndarray, source: np.ndarray, seed: int = 0) -> Figure:
    """Mean of predicted − true with its bootstrap interval, drawn as for `rmse`: above 0 it answers too much."""
    errors = predicted.astype(np.float64) - true
    low, high = np.quantile(_resampled_means(errors, source, seed), [0.025, 0.975])
    return _rounded(float(errors.mean()), low, high, len(true), None)


def summed(value: float, gaps: np.ndarray, source: np.ndarray, seed: int = 0) -> Figure:
    """The mean over examples of the absolute sums of `gaps` (n, B) by bin, `value`, with its bootstrap interval."""
    _, place = np.unique(source, return_inverse=True)
    sums, counts = np.zeros((place.max() + 1, gaps.shape[1])), np.bincount(place)
    np.add.at(sums, place, gaps)
    draws = _draws(len(sums), seed)
    low, high = np.quantile(np.abs(draws @ sums).sum(1) / (draws @ counts), [0.025, 0.975])
    return _rounded(value, low, high, len(gaps), None)


def auroc(known: np.ndarray, strange: np.ndarray) -> Figure:
    """Area under the ROC curve of scores `known` (n,) against `strange` (m,), which should be higher: the chance that
    of one of each the strange one is. Its interval is that of Hanley & McNeil (1982)."""
    area = float(roc_auc_score(np.repeat([0, 1], [len(known), len(strange)]), np.concatenate([known, strange])))
    one, two, count = area / (2 - area), 2 * area**2 / (1 + area), len(strange)
    spread = area * (1 - area) + (count - 1) * (one - area**2) + (len(known) - 1) * (two - area**2)
    half = 1.96 * float(np.sqrt(max(spread, 0) / (count * len(known))))
    return _rounded(area, max(0.0, area - half), min(1.0, area + half), count, 0.5)


def constant_rmse(true: np.ndarray) -> float:
    """RMSE of the best constant: the floor of `rmse`."""
    return float(np.std(true.astype(np.float64)))


def majority(true: np.ndarray) -> float:
    """Accuracy of always naming the commonest class: the floor of `accuracy`."""
    return float(np.bincount(true).max() / len(true))


def confusion(true: np.ndarray, predicted: np.ndarray, classes: int) -> list[list[int]]:
    """Counts, a row a true class, a column a predicted one."""
    counts: list[list[int]] = confusion_matrix(true, predicted, labels=range(classes)).tolist()
    return counts


def _resampled_means(values: np.ndarray, source: np.ndarray, seed: int) -> np.ndarray:
    _, place = np.unique(source, return_inverse=True)
    sums, counts = np.bincount(place, values), np.bincount(place)
    draws = _draws(len(sums), seed)
    means: np.ndarray = (draws @ sums) / (draws @ counts)
    return means


def _draws(count: int, seed: int) -> np.ndarray:
    """How often (resamples, count) each of `count` source images is drawn."""
    random = np.random.default_rng(seed)
    return random.multinomial(count, np.full(count, 1 / count), RESAMPLES)


def _rounded(value: float, low: float, high: float, count: int, floor: float | None) -> Figure:
    # Four decimals are more than the data can bear, and hide the last bits in which processors differ.
    kept = None if floor is None else round(floor, 4)
    return Figure(value=round(value, 4), low=round(float(low), 4), high=round(float(high), 4), count=count, floor=kept)
