import pytest
import torch
from torch.nn import functional as F

from mtaa.attacks import Oracle
from mtaa.attacks.apgd import Apgd, ApgdParameters, StepSize, checkpoints
from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.victims import load


class Flat:
    """A victim with nothing to gain."""

    device = torch.device("cpu")

    def gradient(self, images: torch.Tensor, objective: object) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.zeros(len(images), 2), torch.zeros_like(images)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [(100, {22, 41, 57, 70, 80, 87, 93, 99}), (50, {11, 21, 29, 35, 40, 44, 47, 50}), (3, {1, 2, 3}), (1, {1})],
)
def test_checkpoints_come_closer(steps: int, expected: set[int]) -> None:
    assert checkpoints(steps) == expected


def test_step_size_halves_for_each_image_by_itself() -> None:
    size, best = StepSize(torch.full((4, 1, 1, 1), 0.4), torch.zeros(4), 100), torch.zeros(4)
    # Between the checkpoints at 22 and 41: always up, up in too few of 19 steps, in just enough, and up without a gain.
    rising = torch.tensor([19, 14, 15, 19])
    gain = torch.tensor([1.0, 1.0, 1.0, 0.0])
    for step in range(42):
        unpaid = size.unpaid(step, best)
        assert unpaid.tolist() == ([False, True, False, True] if step == 41 else [False] * 4)
        size.advance(unpaid, step - 22 < rising)
        best = best + (gain if step >= 22 else 1)
    torch.testing.assert_close(size.values.flatten(), torch.tensor([0.4, 0.2, 0.4, 0.2]))


def test_a_size_just_halved_gets_a_chance_without_improvement() -> None:
    size, best = StepSize(torch.ones(1, 1, 1, 1), torch.zeros(1), 100), torch.zeros(1)
    assert size.unpaid(22, best).tolist() == [True]
    for _ in range(19):
        size.advance(torch.zeros(1, dtype=torch.bool), torch.ones(1, dtype=torch.bool))
    assert size.unpaid(41, best).tolist() == [False]
    for _ in range(16):
        size.advance(torch.zeros(1, dtype=torch.bool), torch.ones(1, dtype=torch.bool))
    assert size.unpaid(57, best).tolist() == [True]


def test_random_start_lies_on_the_edge_of_the_ball() -> None:
    images, strengths = torch.full((3, 1, 8, 8), 0.5), torch.tensor([0.0, 8.0, 100.0])
    crafted = Apgd(ApgdParameters(steps=2))(Flat(), images, torch.zeros(3, dtype=torch.int64), strengths)
    change = (crafted.images - images).flatten(1) * 255
    torch.testing.assert_close(change.abs().amax(1), strengths)
    assert (change[1:].std(1) > strengths[1:] / 3).all()


def test_returns_the_iterate_with_the_largest_loss(trained: Scenario) -> None:
    source = open_source(trained.images)
    chosen = source.indices("test")[:12]
    images, labels = torch.from_numpy(source.pixels(chosen)) / 255, torch.from_numpy(source.labels(chosen))

    class Watched(Oracle):
        losses: list[torch.Tensor] = []  # noqa: RUF012

        def gradient(self, images: torch.Tensor, objective: object) -> tuple[torch.Tensor, torch.Tensor]:
            logits, gradient = super().gradient(images, objective)
            self.losses.append(F.cross_entropy(logits, labels, reduction="none"))
            return logits, gradient

    oracle = Watched(load(trained.images, "tiny_a"), device="cpu")
    crafted = Apgd(ApgdParameters(steps=30))(oracle, images, labels, torch.full((12,), 12.0))
    largest = torch.stack(oracle.losses).amax(0)
    assert (oracle.losses[-1] < largest).any()
    torch.testing.assert_close(F.cross_entropy(oracle.logits(crafted.images), labels, reduction="none"), largest)
