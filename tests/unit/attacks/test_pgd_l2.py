import pytest
import torch

from mtaa.attacks.base import Task
from mtaa.attacks.pgd_l2 import PgdL2, PgdL2Parameters, project, unit_length


class Uphill:
    """A victim whose loss rises with every pixel, if ever so little."""

    device = torch.device("cpu")

    def __init__(self, slope: float = 1.0):
        self.slope = slope

    def gradient(self, images: torch.Tensor, objective: object) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.zeros(len(images), 2), torch.full_like(images, self.slope)


class Unasked(Uphill):
    """A victim without gradients."""

    def __init__(self) -> None:
        super().__init__(0.0)


def moved(attack: PgdL2, victim: Uphill, images: torch.Tensor, radii: torch.Tensor) -> torch.Tensor:
    """How far (N,) in L2."""
    task = Task(images, torch.zeros(len(images), dtype=torch.int64), radii, [0] * len(images))
    return (attack.run(victim, task).images - images).flatten(1).norm(dim=1)  # type: ignore[arg-type]


@pytest.mark.parametrize("slope", [1.0, 1e-30])
def test_steps_are_a_share_of_the_radius_until_the_edge(slope: float) -> None:
    images, radii = torch.full((3, 1, 8, 8), 0.25), torch.tensor([0.0, 0.5, 2.0])
    for steps, share in ((1, 0.25), (3, 0.75), (4, 1.0), (9, 1.0)):
        attack = PgdL2(PgdL2Parameters(step_share=0.25, steps=steps))
        torch.testing.assert_close(moved(attack, Uphill(slope), images, radii), share * radii)


def test_a_victim_without_a_gradient_leaves_the_image() -> None:
    images = torch.full((2, 1, 8, 8), 0.25)
    assert moved(PgdL2(PgdL2Parameters(steps=3)), Unasked(), images, torch.ones(2)).tolist() == [0, 0]


def test_what_clipping_takes_away_is_made_up_for() -> None:
    images = torch.zeros(1, 1, 8, 8)
    images[..., :4] = 1.0  # half of the pixels can't get any lighter
    torch.testing.assert_close(moved(PgdL2(PgdL2Parameters()), Uphill(), images, torch.ones(1)), torch.ones(1))


def test_random_start_lies_anywhere_in_the_ball() -> None:
    images = torch.full((400, 1, 2, 2), 0.5) + torch.arange(400).view(-1, 1, 1, 1) / 255 / 8
    lengths = moved(PgdL2(PgdL2Parameters(steps=1, random_start=True)), Unasked(), images, torch.full((400,), 0.2))
    assert lengths.max() <= 0.2
    # In four dimensions half of the ball lies beyond 0.84 of its radius.
    assert 0.4 < (lengths > 0.2 * 0.5**0.25).float().mean() < 0.6


def test_projection_keeps_the_direction() -> None:
    images = torch.zeros(2, 1, 1, 2)
    out = project(torch.tensor([[[[3.0, 4.0]]], [[[0.3, 0.4]]]]), images, torch.tensor([1.0, 1.0]))
    torch.testing.assert_close(out, torch.tensor([[[[0.6, 0.8]]], [[[0.3, 0.4]]]]))


def test_length_of_the_smallest_gradients_is_not_lost() -> None:
    unit, length = unit_length(torch.tensor([[[[3e-30, 4e-30]]], [[[0.0, 0.0]]]]))
    torch.testing.assert_close(unit.flatten(), torch.tensor([0.6, 0.8, 0.0, 0.0]))
    torch.testing.assert_close(length * 1e30, torch.tensor([5.0, 0.0]))
