import pytest
import torch

from mtaa.attacks import Oracle
from mtaa.attacks.base import Task
from mtaa.attacks.deepfool import DeepFool, DeepFoolParameters
from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.victims import load

WEIGHTS = torch.tensor([[0.0, 0.0], [3.0, 4.0], [1.0, 0.0]])
BIASES = torch.tensor([2.0, 0.0, 1.7])


class Linear:
    """Three classes over images of two pixels; at (0.1, 0.1) it says 0, and class 2 is nearer than class 1."""

    device = torch.device("cpu")

    def __init__(self) -> None:
        self.asked = 0

    def logits(self, images: torch.Tensor) -> torch.Tensor:
        return images.flatten(1) @ WEIGHTS.T + BIASES

    def gradient(self, images: torch.Tensor, objective: object) -> tuple[torch.Tensor, torch.Tensor]:
        self.asked += len(images)
        pixels = images.detach().requires_grad_(True)
        logits = self.logits(pixels)
        (gradient,) = torch.autograd.grad(objective(logits).sum(), pixels)  # type: ignore[operator]
        return logits.detach(), gradient


def moved(images: list[list[float]], overshoot: float, classes: int = 3) -> tuple[torch.Tensor, list[bool], int]:
    """Change (N, 2), whether reached, and how many gradients were asked for; the true class is 0."""
    victim, count = Linear(), len(images)
    start = torch.tensor(images).view(count, 1, 1, 2)
    task = Task(start, torch.zeros(count, dtype=torch.int64), torch.full((count,), overshoot), [0] * count)
    crafted = DeepFool(DeepFoolParameters(classes=classes)).run(victim, task)  # type: ignore[arg-type]
    return (crafted.images - start).flatten(1), crafted.reached.tolist(), victim.asked


@pytest.mark.parametrize("overshoot", [0.1, 2, 50, 100])
def test_goes_straight_to_the_nearest_boundary_and_past_it(overshoot: float) -> None:
    change, reached, asked = moved([[0.1, 0.1]], overshoot)
    # To class 2 it is 0.2 along the first pixel; to class 1, (2 - 0.7) / 5 = 0.26.
    torch.testing.assert_close(change, torch.tensor([[0.2 * (1 + overshoot / 100), 0.0]]), rtol=0, atol=3e-4)
    assert reached == [True]
    assert asked == 2


def test_only_the_likeliest_classes_are_considered() -> None:
    # At (0.1, 0.1) class 1 has a score of 0.7, class 2 of 1.8; at (0.2, 0.29) class 1 has 1.76 and class 2 1.9.
    _, _, asked = moved([[0.1, 0.1]], 2, classes=2)
    assert asked == 1
    change, _, _ = moved([[0.2, 0.29]], 0, classes=2)
    torch.testing.assert_close(change, torch.tensor([[0.1, 0.0]]), rtol=0, atol=3e-4)
    change, _, _ = moved([[0.2, 0.29]], 0, classes=3)
    torch.testing.assert_close(change, torch.tensor([[0.6, 0.8]]) * 0.24 / 5, rtol=0, atol=3e-4)


def test_each_image_leaves_the_batch_when_it_is_done() -> None:
    # The second is misclassified to begin with; the third walks into the border of [0, 1] and on along it.
    change, reached, asked = moved([[0.1, 0.1], [0.9, 0.9]], 2)
    assert reached == [True, False]
    assert change[1].tolist() == [0, 0]
    assert asked == 2


def test_all_overshoots_of_an_image_lie_on_one_line(trained: Scenario) -> None:
    source = open_source(trained.images)
    chosen = source.indices("test")[:12]
    images, labels = torch.from_numpy(source.pixels(chosen)) / 255, torch.from_numpy(source.labels(chosen))
    oracle = Oracle(load(trained.images, "tiny_a"), device="cpu")
    right = oracle.logits(images).argmax(1) == labels
    attack = DeepFool(DeepFoolParameters())
    first, second = (
        attack(oracle, images[right], labels[right], torch.full((int(right.sum()),), eta)) for eta in (0.0, 40.0)
    )
    assert second.reached.all()
    stretched = (images[right] + 1.4 * (first.images - images[right])).clamp(0, 1)
    torch.testing.assert_close(second.images, stretched, rtol=0, atol=1e-5)
