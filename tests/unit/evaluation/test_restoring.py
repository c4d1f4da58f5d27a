"""Figures of an estimated perturbation, against scikit-learn, NumPy and scipy."""

import numpy as np
import pytest
from scipy.ndimage import median_filter as independent
from sklearn.metrics import mean_absolute_error, root_mean_squared_error

from mtaa.evaluation.restoring import estimate_figures, median_filter, restored_figures


def deltas() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    true = random.integers(-40, 41, (20, 1, 6, 6)).astype(np.int16)
    true[3] = 0
    return true + random.integers(-9, 10, true.shape).astype(np.int16), true, np.arange(20).astype(str)


def test_figures_are_those_of_independent_implementations() -> None:
    estimate, true, source = deltas()
    found = estimate_figures(estimate, true, source)
    flat = estimate.ravel(), true.ravel()
    assert found["rmse"].value == pytest.approx(root_mean_squared_error(*flat), abs=1e-4)
    assert found["mae"].value == pytest.approx(mean_absolute_error(*flat), abs=1e-4)
    assert found["rmse"].floor == pytest.approx(root_mean_squared_error(0 * flat[0], flat[1]), abs=1e-4)
    assert found["mae"].floor == pytest.approx(np.abs(flat[1]).mean(), abs=1e-4)
    changed = [place for place in range(20) if place != 3]
    each = [np.corrcoef(estimate[place].ravel(), true[place].ravel())[0, 1] for place in changed]
    assert found["correlation"].value == pytest.approx(np.mean(each), abs=1e-4)
    signs = [(np.sign(estimate[p]) == np.sign(true[p]))[true[p] != 0].mean() for p in changed]
    assert found["sign_agreement"].value == pytest.approx(np.mean(signs), abs=1e-4)
    assert found["correlation"].count == found["sign_agreement"].count == 19
    for figure in found.values():
        assert figure.low <= figure.value <= figure.high


def test_a_perfect_estimate_and_none_at_all() -> None:
    _, true, source = deltas()
    perfect = estimate_figures(true, true, source)
    assert (perfect["rmse"].value, perfect["correlation"].value, perfect["sign_agreement"].value) == (0, 1, 1)
    nothing = estimate_figures(0 * true, true, source)
    assert nothing["rmse"].value == nothing["rmse"].floor
    assert nothing["sign_agreement"].value == 0
    assert "correlation" not in nothing  # a constant correlates with nothing


def test_clean_images_have_errors_alone() -> None:
    _, true, source = deltas()
    assert set(estimate_figures(true, 0 * true, source)) == {"rmse", "mae"}


def test_the_median_filter_is_scipys() -> None:
    images = np.random.default_rng(1).integers(0, 256, (2, 3, 9, 7)).astype(np.uint8)
    expected = independent(images, size=(1, 1, 3, 3), mode="nearest")
    assert (median_filter(images) == expected).all()


def test_restored_is_the_clean_answer_not_any_right_one() -> None:
    found = restored_figures(np.array([1, 2, 3, 4]), {"estimate": np.array([1, 2, 0, 0]), "untouched": np.zeros(4)})
    assert (found["restored_estimate"].value, found["restored_untouched"].value) == (0.5, 0)
