"""The estimator learns a perturbation it can see, the same for the same seed, and stops when asked to."""

import numpy as np
import pytest
import torch

from mtaa.core.errors import Cancelled
from mtaa.core.progress import Silent
from mtaa.dataset.examples import Examples
from mtaa.models.estimator import EstimatorConfig, estimate_clean
from mtaa.training.estimator import EstimatorTraining, FittedEstimator, fit_estimator

SMALL = EstimatorConfig(width=8, dilations=(1, 2))
BRIEF = EstimatorTraining(epochs=8, batch=16, learning_rate=5e-3)


def pairs(count: int, seed: int) -> Examples:
    """Smooth pictures, and the same with ± 20 grey levels a pixel; a quarter are clean."""
    random = np.random.default_rng(seed)
    ramps = np.linspace(60, 180, 16)[None, None, None] + random.uniform(-20, 20, (count, 1, 1, 1))
    clean = np.broadcast_to(ramps, (count, 1, 16, 16)).astype(np.uint8)
    noise = 20 * random.choice([-1, 1], clean.shape)
    noise[::4] = 0
    whole, flags, strength = np.zeros(count, np.int64), np.ones(count, bool), np.full(count, 20, np.float32)
    changed, names, none = (clean + noise).astype(np.uint8), whole.astype(str), np.full(count, "")
    return Examples(changed, clean, whole, whole, strength, strength, flags, flags, names, none)


def fitted(progress: Silent | None = None) -> FittedEstimator:
    return fit_estimator(SMALL, BRIEF, pairs(96, 0), pairs(32, 1), torch.device("cpu"), progress)


@pytest.fixture(scope="module")
def once() -> FittedEstimator:
    return fitted()


def test_it_takes_most_of_the_perturbation_away(once: FittedEstimator) -> None:
    held_out = pairs(32, 2)
    restored = estimate_clean(once.estimator, torch.from_numpy(held_out.images)).numpy()
    before = np.abs(held_out.images.astype(int) - held_out.clean).mean()
    after = np.abs(restored.astype(int) - held_out.clean).mean()
    assert after < before / 2
    clean = estimate_clean(once.estimator, torch.from_numpy(held_out.clean)).numpy()
    assert np.abs(clean.astype(int) - held_out.clean).mean() < before / 2


def test_it_is_frozen_and_its_curve_falls(once: FittedEstimator) -> None:
    assert not any(weight.requires_grad for weight in once.estimator.parameters())
    assert not once.estimator.training
    assert [set(row) for row in once.curves] == [{"train", "validation"}] * BRIEF.epochs
    assert once.curves[-1]["validation"] < once.curves[0]["validation"] / 2


def test_the_same_seed_gives_the_same_estimator(once: FittedEstimator) -> None:
    again = fitted().estimator.state_dict()
    for name, weight in once.estimator.state_dict().items():
        torch.testing.assert_close(again[name], weight, msg=name)


def test_it_stops_between_batches_when_asked_to() -> None:
    class Stop(Silent):
        def raise_if_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        fitted(Stop())
