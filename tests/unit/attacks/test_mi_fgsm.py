import pytest
import torch

from mtaa.attacks.base import Task
from mtaa.attacks.mi_fgsm import MiFgsm, MiFgsmParameters, normalised


class Told:
    """A victim whose gradients are `slopes`, one a step, the same at every pixel."""

    device = torch.device("cpu")

    def __init__(self, *slopes: float):
        self.slopes = iter(slopes)

    def gradient(self, images: torch.Tensor, objective: object) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.zeros(len(images), 2), torch.full_like(images, next(self.slopes))


def moved(decay: float, *slopes: float) -> float:
    """Grey levels moved from mid-grey with ε = 40."""
    task = Task(torch.full((1, 1, 8, 8), 0.5), torch.tensor([0]), torch.tensor([40.0]), [0])
    crafted = MiFgsm(MiFgsmParameters(decay=decay, steps=len(slopes))).run(Told(*slopes), task)
    return float((crafted.images - task.images).mean() * 255)


def test_each_gradient_counts_alike_however_long_it_is() -> None:
    # Not normalised, the second gradient would be nothing beside the first, and the image would move on by ε / 2.
    assert moved(1, 1024, -1 / 1024) == pytest.approx(20, abs=1e-3)


@pytest.mark.parametrize(("decay", "levels"), [(0, 0), (0.5, 0), (2, 40)])
def test_decay_weighs_the_past(decay: float, levels: float) -> None:
    assert moved(decay, 1, -1) == pytest.approx(levels, abs=1e-3)


def test_normalised_is_by_the_l1_norm_of_each_image() -> None:
    gradient = torch.randn(3, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    gradient[1] *= 1e-30
    gradient[2] = 0
    sizes = normalised(gradient).abs().sum((1, 2, 3))
    torch.testing.assert_close(sizes, torch.tensor([1.0, 1.0, 0.0]))
