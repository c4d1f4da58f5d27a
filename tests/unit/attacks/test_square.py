import pytest
import torch

from mtaa.attacks import Oracle
from mtaa.attacks.square import Square, SquareParameters, square_side
from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.victims import load

Batch = tuple[Oracle, torch.Tensor, torch.Tensor]


class Scores(Oracle):
    """Gives scores alone."""

    def gradient(self, images: torch.Tensor, objective: object) -> tuple[torch.Tensor, torch.Tensor]:
        raise AssertionError("a black-box attack must not ask for gradients")


@pytest.fixture
def batch(trained: Scenario) -> Batch:
    source = open_source(trained.images)
    chosen = source.indices("test")[:48]
    images, labels = torch.from_numpy(source.pixels(chosen)) / 255, torch.from_numpy(source.labels(chosen))
    return Scores(load(trained.images, "tiny_a"), device="cpu"), images, labels


@pytest.mark.parametrize(
    ("step", "halvings"),
    [(0, 0), (10, 0), (11, 1), (50, 1), (51, 2), (201, 3), (501, 4), (1001, 5), (2001, 6), (4001, 7), (8001, 9)],
)
def test_area_is_halved_on_schedule(step: int, halvings: int) -> None:
    assert square_side(step, 10_000, 0.8, 1000, 1000) == round(1000 * (0.8 / 2**halvings) ** 0.5)
    # With fewer steps the schedule is as much shorter.
    assert square_side(step // 10, 1000, 0.8, 1000, 1000) == square_side(step // 10 * 10, 10_000, 0.8, 1000, 1000)


def test_side_is_at_least_one_pixel_and_at_most_the_image() -> None:
    assert square_side(9_999, 10_000, 0.05, 28, 28) == 1
    assert square_side(0, 10_000, 1.0, 20, 80) == 20


def test_every_pixel_uses_the_whole_budget(batch: Batch) -> None:
    oracle, images, labels = batch
    moved = Square(SquareParameters(steps=30))(oracle, images, labels, torch.full((48,), 20.0)).images
    ends = torch.stack([(images - 20 / 255).clamp_min(0), (images + 20 / 255).clamp_max(1)])
    assert ((moved - ends).abs().amin(0) < 1e-6).all()


def test_search_fools_more_than_noise_of_the_same_size(batch: Batch) -> None:
    oracle, images, labels = batch
    strengths = torch.full((48,), 40.0)
    moved = Square(SquareParameters(steps=150))(oracle, images, labels, strengths).images
    signs = torch.randint(2, images.shape, generator=torch.Generator().manual_seed(0)) * 2 - 1
    noisy = (images + 40 / 255 * signs).clamp(0, 1)
    fooled, by_noise = ((oracle.logits(made).argmax(1) != labels).float().mean() for made in (moved, noisy))
    assert fooled > by_noise + 0.2
