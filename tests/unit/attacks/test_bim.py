import torch

from mtaa.attacks.base import Task
from mtaa.attacks.bim import Bim, BimParameters


class Uphill:
    """A victim whose loss rises with every pixel."""

    device = torch.device("cpu")

    def gradient(self, images: torch.Tensor, objective: object) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.zeros(len(images), 2), torch.ones_like(images)


def moved(steps: int, strengths: torch.Tensor) -> torch.Tensor:
    """Grey levels moved from black."""
    count = len(strengths)
    task = Task(torch.zeros(count, 1, 8, 8), torch.zeros(count, dtype=torch.int64), strengths, [0] * count)
    return Bim(BimParameters(steps=steps)).run(Uphill(), task).images.amax((1, 2, 3)) * 255


def test_steps_are_a_share_of_epsilon_until_the_edge() -> None:
    strengths = torch.tensor([8.0, 20.0, 100.0])
    torch.testing.assert_close(moved(1, strengths), torch.tensor([1.0, 2.5, 12.5]))
    torch.testing.assert_close(moved(7, strengths), strengths * 7 / 8)
    torch.testing.assert_close(moved(10, strengths), strengths)


def test_defaults_are_the_papers_rule_at_eight_grey_levels() -> None:
    settings = BimParameters()
    assert settings.step_share * 8 == 1
    assert settings.steps == min(8 + 4, 1.25 * 8)
