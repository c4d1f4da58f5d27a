import numpy as np
import pytest
from sklearn.metrics import accuracy_score, root_mean_squared_error

from mtaa.evaluation import metrics

RANDOM = np.random.default_rng(0)


def test_accuracy_and_its_interval() -> None:
    true, predicted = RANDOM.integers(0, 3, 263), RANDOM.integers(0, 3, 263)
    figure = metrics.accuracy(true == predicted)
    assert figure.value == pytest.approx(accuracy_score(true, predicted), abs=1e-4)
    published = metrics.accuracy(np.arange(263) < 81)  # Newcombe 1998, table I: 81 of 263
    assert (published.low, published.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_bias_has_a_sign_and_an_interval_around_it() -> None:
    true = RANDOM.uniform(0, 100, 400)
    found = metrics.bias(true - 3 + RANDOM.normal(0, 5, 400), true, np.arange(400))
    assert found.low < -3 < found.high < 0
    assert found.high - found.low == pytest.approx(2 * 1.96 * 5 / 20, rel=0.2)
    assert found.count == 400


def test_a_perfect_score_is_not_certain() -> None:
    figure = metrics.accuracy(np.ones(100, bool))
    assert (figure.value, figure.high) == (1, 1)
    assert figure.low == pytest.approx(0.963, abs=1e-3)


def test_rmse_and_its_interval() -> None:
    true = RANDOM.uniform(0, 200, 400)
    predicted = true + RANDOM.normal(0, 5, 400)
    figure = metrics.rmse(predicted, true, np.arange(400).astype(str))
    assert figure.value == pytest.approx(root_mean_squared_error(true, predicted), abs=1e-4)
    assert figure.low < figure.value < figure.high
    # The standard error of a normal sample's RMSE is σ / √(2 n).
    assert (figure.high - figure.low) / 2 == pytest.approx(1.96 * 5 / np.sqrt(800), rel=0.2)


def test_examples_of_one_source_widen_the_interval() -> None:
    error = np.repeat(RANDOM.normal(0, 5, 40), 10)
    alone = metrics.rmse(error, np.zeros(400), np.arange(400).astype(str))
    shared = metrics.rmse(error, np.zeros(400), np.repeat(np.arange(40), 10).astype(str))
    assert shared.high - shared.low > 2 * (alone.high - alone.low)


def test_floors() -> None:
    true = np.array([1, 1, 1, 0, 2])
    assert metrics.majority(true) == 0.6
    values = np.array([10.0, 20, 30])
    assert metrics.constant_rmse(values) == pytest.approx(np.sqrt(200 / 3))


def test_confusion_has_a_row_a_true_class() -> None:
    assert metrics.confusion(np.array([0, 0, 1]), np.array([0, 2, 1]), 3) == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
