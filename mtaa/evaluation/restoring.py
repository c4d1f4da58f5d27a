"""How right an estimated perturbation is, and whether taking it away gives a victim its answer back: pure functions."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mtaa.evaluation import metrics
from mtaa.evaluation.record import Figure

WINDOW = 3


def estimate_figures(estimate: np.ndarray, true: np.ndarray, source: np.ndarray) -> dict[str, Figure]:
    """Figures of δ̂ against δ, both (n, C, H, W) in grey levels; the floor is that of δ̂ = 0.

    `rmse` and `mae` over all pixel values. `correlation` (Pearson) and `sign_agreement`, the share of the changed pixel
    values whose sign is right, are means over the images in which they exist; without such images they are left out.
    """
    estimate, true = (values.reshape(len(values), -1).astype(np.float64) for values in (estimate, true))
    square, size = ((estimate - true) ** 2).mean(1), np.abs(estimate - true).mean(1)
    nothing = np.zeros(len(true))
    found = {
        "rmse": metrics.rmse(np.sqrt(square), nothing, source, float(np.sqrt((true**2).mean()))),
        "mae": _mean(size, source, float(np.abs(true).mean())),
    }
    for name, values in (("correlation", _correlation(estimate, true)), ("sign_agreement", _signs(estimate, true))):
        exists = np.isfinite(values)
        if exists.any():
            found[name] = _mean(values[exists], source[exists], 0.0)
    return found


def restored_figures(clean: np.ndarray, answers: dict[str, np.ndarray]) -> dict[str, Figure]:
    """Share of images for which a victim answers as to the clean one; all are classes (n,)."""
    return {f"restored_{name}": metrics.accuracy(said == clean) for name, said in answers.items()}


def median_filter(images: np.ndarray) -> np.ndarray:
    """Each pixel's median over its 3 × 3 neighbourhood, edges repeated: uint8 (n, C, H, W) to the same."""
    edge = WINDOW // 2
    padded = np.pad(images, ((0, 0), (0, 0), (edge, edge), (edge, edge)), mode="edge")
    windows = sliding_window_view(padded, (WINDOW, WINDOW), axis=(2, 3))
    return np.median(windows, axis=(-2, -1)).astype(np.uint8)


def _mean(values: np.ndarray, source: np.ndarray, floor: float) -> Figure:
    """The mean of values (n,) with its bootstrap interval, beside what an estimate of nothing would get."""
    return metrics.bias(values, np.zeros(len(values)), source).model_copy(update={"floor": round(floor, 4)})


def _correlation(estimate: np.ndarray, true: np.ndarray) -> np.ndarray:
    """(n,), not a number where either is constant."""
    estimate, true = (values - values.mean(1, keepdims=True) for values in (estimate, true))
    spread = np.linalg.norm(estimate, axis=1) * np.linalg.norm(true, axis=1)
    values: np.ndarray = np.divide((estimate * true).sum(1), spread, out=np.full(len(true), np.nan), where=spread > 0)
    return values


def _signs(estimate: np.ndarray, true: np.ndarray) -> np.ndarray:
    """(n,), not a number where nothing was changed."""
    changed = (true != 0).sum(1)
    right = ((np.sign(estimate) == np.sign(true)) & (true != 0)).sum(1)
    values: np.ndarray = np.divide(right, changed, out=np.full(len(true), np.nan), where=changed > 0)
    return values
