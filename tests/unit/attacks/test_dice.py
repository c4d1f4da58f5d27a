import torch

from mtaa.attacks.base import Task
from mtaa.attacks.dice import rolls


def numbers(images: torch.Tensor, seed: int = 0) -> torch.Tensor:
    nothing = torch.zeros(len(images))
    return rolls(Task(images, nothing, nothing, [seed] * len(images)), 50)


def test_numbers_belong_to_the_image_and_the_seed() -> None:
    images = torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    drawn = numbers(images)
    assert torch.equal(numbers(images.flip(0)).flip(0), drawn)
    assert torch.equal(numbers(images[3:4]), drawn[3:4])
    assert len({tuple(row) for row in drawn.tolist()}) == 5
    assert not torch.isclose(numbers(images, seed=1), drawn).any()
    assert drawn.min() >= 0
    assert drawn.max() < 1
