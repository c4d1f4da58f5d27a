"""The glider against the loop it stands for, which asks the victim at every step."""

import pytest
import torch

from mtaa.attacks import Oracle, round_to_bytes
from mtaa.attacks.adam import Walkers
from mtaa.attacks.glide import Best, Descent, Glider
from mtaa.attacks.margin import margin
from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.victims import load


class Counting(Oracle):
    """Counts what it is asked."""

    looks = gradients = 0

    def logits(self, images: torch.Tensor) -> torch.Tensor:
        self.looks += len(images)
        return super().logits(images)

    def gradient(self, images, objective):  # type: ignore[no-untyped-def]
        self.gradients += len(images)
        return super().gradient(images, objective)


def every_step(descent: Descent, images: torch.Tensor) -> Best:
    """The plain loop of C&W: a gradient at every step."""
    best, walkers, rows = Best(images, descent.wanted), Walkers.at(images), torch.arange(len(images))
    for _ in range(descent.steps):
        moved = walkers.images
        logits, push = descent.oracle.gradient(
            moved, lambda logits: descent.c * (descent.wanted - margin(logits, descent.labels)).clamp_min(0)
        )
        best.offer(rows, moved, walkers.origin, margin(logits, descent.labels))
        walkers.move(push, descent.learning_rate)
    moved = walkers.images
    best.offer(rows, moved, walkers.origin, margin(descent.oracle.logits(moved), descent.labels))
    return best


@pytest.fixture
def problem(trained: Scenario) -> tuple[Counting, torch.Tensor, torch.Tensor]:
    source = open_source(trained.images)
    chosen = source.indices("test")[:24]
    images, labels = torch.from_numpy(source.pixels(chosen)) / 255, torch.from_numpy(source.labels(chosen))
    return Counting(load(trained.images, "tiny_a"), device="cpu"), images, labels


@pytest.mark.parametrize(("kappa", "learning_rate"), [(0.0, 0.05), (2.0, 0.05), (5.0, 0.02), (900.0, 0.05)])
def test_finds_what_the_plain_loop_finds(
    problem: tuple[Counting, torch.Tensor, torch.Tensor], kappa: float, learning_rate: float
) -> None:
    oracle, images, labels = problem
    descent = Descent(oracle, labels, torch.full((24,), kappa), 50.0, 200, learning_rate)
    found, plain = Glider(descent, images).run(), every_step(descent, images)
    assert torch.equal(found.reached, plain.reached)
    reached = found.reached
    if reached.any():
        assert (found.size[reached] <= plain.size[reached] * 1.02).all()
    # Float rounding may move a crossing by a step, and what follows with it.
    alike = (round_to_bytes(found.images) == round_to_bytes(plain.images)).flatten(1).float().mean(1)
    assert (alike > 0.99).float().mean() >= 0.75


def test_asks_a_small_part_of_the_time(problem: tuple[Counting, torch.Tensor, torch.Tensor]) -> None:
    oracle, images, labels = problem
    steps = 400
    Glider(Descent(oracle, labels, torch.full((24,), 2.0), 50.0, steps, 0.05), images).run()
    assert oracle.gradients + oracle.looks < 24 * steps / 2


def test_offers_only_what_the_victim_was_asked_about(problem: tuple[Counting, torch.Tensor, torch.Tensor]) -> None:
    oracle, images, labels = problem
    wanted = torch.linspace(0.5, 5, 24)
    best = Glider(Descent(oracle, labels, wanted, 50.0, 150, 0.05), images).run()
    assert (margin(oracle.logits(best.images), labels)[best.reached] >= wanted[best.reached] - 1e-3).all()
