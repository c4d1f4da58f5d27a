from typing import Literal

import pytest
import torch
from torch.nn import functional as F

from mtaa.models.network import Signatures
from mtaa.training.labelled import UNKNOWN_INTENSITY, UNKNOWN_VICTIM
from mtaa.training.losses import Targets, Weighting, task_losses


def signatures(intensities: torch.Tensor, intensity: torch.Tensor) -> Signatures:
    logits = torch.tensor([[2.0, 0, 0], [0, 1.0, 0]])
    nothing = torch.zeros(2, 1)
    return Signatures(logits, logits[:, :2], intensity, intensities, nothing, nothing)


TARGETS = Targets(torch.tensor([0, 2]), torch.tensor([0, 1]), torch.tensor([50.0, 0.0]))


def test_cross_entropies_and_squared_error() -> None:
    found = signatures(torch.tensor([[0.7], [0.1]]).expand(2, 3), torch.zeros(2))
    attack, victim, regression = task_losses(found, TARGETS, "squared", torch.ones(3))
    torch.testing.assert_close(attack, F.cross_entropy(found.attack, TARGETS.attack))
    torch.testing.assert_close(victim, F.cross_entropy(found.victim, TARGETS.victim))
    assert regression == pytest.approx((0.2**2 + 0.1**2) / 2)


def test_each_attack_trains_its_own_line_on_its_own_scale() -> None:
    intensities = torch.tensor([[0.9, 7.0, 7.0], [7.0, 7.0, 0.1]], requires_grad=True)
    regression = task_losses(
        signatures(intensities, torch.zeros(2)), TARGETS, "squared", torch.tensor([0.5, 1.0, 0.01])
    )[2]
    regression.backward()
    assert float(regression.detach()) == pytest.approx(((0.4 / 0.5) ** 2 + (0.1 / 0.01) ** 2) / 2)
    assert intensities.grad is not None
    assert intensities.grad.count_nonzero() == 2


def test_huber_grows_slower_than_the_square() -> None:
    found = signatures(torch.tensor([[0.9] * 3, [0.0] * 3]), torch.zeros(2))
    regression = task_losses(found, TARGETS, "huber", torch.ones(3))[2]
    assert float(regression) == pytest.approx((0.4 - 0.05) / 2)


@pytest.mark.parametrize("kind", ["squared", "huber"])
def test_what_is_unknown_of_an_image_adds_nothing_and_pulls_at_nothing(kind: Literal["squared", "huber"]) -> None:
    intensities = torch.tensor([[0.7] * 3, [0.1] * 3], requires_grad=True)
    found = signatures(intensities, torch.zeros(2))
    unknown = Targets(TARGETS.attack, torch.tensor([0, UNKNOWN_VICTIM]), torch.tensor([50.0, UNKNOWN_INTENSITY]))
    attack, victim, regression = task_losses(found, unknown, kind, torch.ones(3))
    torch.testing.assert_close(attack, F.cross_entropy(found.attack, TARGETS.attack))
    torch.testing.assert_close(victim, F.cross_entropy(found.victim[:1], TARGETS.victim[:1]))
    regression.backward()
    assert intensities.grad is not None
    assert intensities.grad[0].count_nonzero() == 1
    assert intensities.grad[1].count_nonzero() == 0


def test_weighting_is_eq_14() -> None:
    losses = torch.tensor([0.3, 0.5, 2.0])
    weighting = Weighting("uncertainty")
    with torch.no_grad():
        weighting.log_variances.copy_(torch.log(torch.tensor([4.0, 0.25, 9.0])))
    sigma = torch.tensor([2.0, 0.5, 3.0])
    by_hand = 0.3 / sigma[0] ** 2 + 0.5 / sigma[1] ** 2 + 2.0 / (2 * sigma[2] ** 2) + torch.log(sigma.prod())
    torch.testing.assert_close(weighting(losses), by_hand)


def test_learnt_variance_settles_where_the_derivative_says() -> None:
    # With the loss L fixed, L e^-s + s / 2 is least at e^s = 2 L.
    weighting, losses = Weighting("uncertainty"), torch.tensor([0.3, 0.5, 2.0])
    optimiser = torch.optim.Adam(weighting.parameters(), 0.05)
    for _ in range(800):
        optimiser.zero_grad()
        weighting(losses).backward()
        optimiser.step()
    torch.testing.assert_close(weighting.log_variances.detach().exp(), torch.tensor([0.6, 1.0, 2.0]), rtol=0.02, atol=0)


def test_plain_sum_learns_nothing() -> None:
    weighting = Weighting("sum")
    assert weighting(torch.tensor([1.0, 2.0, 3.0])) == 6
    assert not weighting.log_variances.requires_grad


@pytest.mark.parametrize("kind", ["uncertainty", "sum"])
def test_a_task_alone_is_all_that_counts(kind: Literal["uncertainty", "sum"]) -> None:
    losses = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    weighting = Weighting(kind, ["victim"])
    assert weighting(losses).item() == weighting.plain(losses).item() == 2
    weighting(losses).backward()
    assert losses.grad is not None
    assert losses.grad.tolist() == [0, 1, 0]
    assert Weighting(kind).plain(losses).item() == 6
