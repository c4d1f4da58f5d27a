"""APGD (Croce & Hein 2020; algorithm 1, with cross-entropy): PGD with momentum that finds its step size itself."""

from typing import Annotated

import torch
from pydantic import Field

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Parameters, Task
from mtaa.attacks.dice import rolls
from mtaa.attacks.fgsm import loss_gradient, per_image
from mtaa.attacks.oracle import Oracle
from mtaa.attacks.pgd import ball

# α of the algorithm: how much of the new step is taken, the rest repeating the last one.
FRESH = 0.75
# ρ of condition 1: the share of steps that must raise the loss.
RISING = 0.75


class ApgdParameters(Parameters):
    """`steps` is N_iter. `random_start` starts on the edge of the ε-ball, as the authors do, else at the image."""

    steps: Annotated[int, Field(ge=1, le=100_000)] = 100
    random_start: bool = True


@ATTACKS.register(
    "apgd",
    title="APGD",
    description="momentum, and a step size that halves when it stops paying",
    symbol="ε",
    norm="L∞",
)
class Apgd(Attack):
    """Steps of 2 ε with momentum; a checkpoint where they did not pay halves them and goes back to the best iterate.

    Returns, of each image's iterates, the one with the largest cross-entropy, where `pgd`, `bim` and `mi_fgsm` return
    the last. Step size and restarts are each image's own, so the result does not depend on who else is in the batch.
    """

    symbol = "ε"
    unit = "1/255"
    limit = 255.0
    parameters_type = ApgdParameters
    parameters: ApgdParameters

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        radius = per_image(task.intensities / 255)
        lowest, highest = ball(task.images, radius)
        current = torch.clamp(self._start(task, radius), lowest, highest)
        previous = current
        loss, gradient = loss_gradient(oracle, current, task.labels)
        best, best_loss, best_gradient = current, loss, gradient
        size = StepSize(2 * radius, loss, self.parameters.steps)
        for step in range(self.parameters.steps):
            unpaid = size.unpaid(step, best_loss)
            target = torch.clamp(current + size.values * gradient.sign(), lowest, highest)
            fresh = FRESH if step else 1.0
            moved = current + fresh * (target - current) + (1 - fresh) * (current - previous)
            previous, current, before = current, torch.clamp(moved, lowest, highest), loss
            loss, gradient = loss_gradient(oracle, current, task.labels)
            higher = loss > best_loss
            best_loss = torch.where(higher, loss, best_loss)
            best, best_gradient = _pick(higher, (current, gradient), (best, best_gradient))
            loss = torch.where(unpaid, best_loss, loss)
            current, gradient = _pick(unpaid, (best, best_gradient), (current, gradient))
            size.advance(unpaid, loss > before)
        return Crafted(best, torch.ones_like(task.labels, dtype=torch.bool))

    def _start(self, task: Task, radius: torch.Tensor) -> torch.Tensor:
        if not self.parameters.random_start:
            return task.images
        draw = 2 * rolls(task, task.images[0].numel()).view_as(task.images) - 1
        return task.images + radius * draw / per_image(draw.abs().flatten(1).amax(1))


class StepSize:
    """Each image's step size: `values` (N, 1, 1, 1) in [0, 1] units, starting at `first`.

    `loss` (N,) is that of the start, `steps` how many will be taken.
    """

    def __init__(self, first: torch.Tensor, loss: torch.Tensor, steps: int):
        self.values = first
        self._checkpoints, self._last = checkpoints(steps), 0
        self._best_then, self._rises = loss, torch.zeros_like(loss)
        self._halved = torch.zeros_like(loss, dtype=torch.bool)

    def unpaid(self, step: int, best_loss: torch.Tensor) -> torch.Tensor:
        """Where (N,) the steps since the last checkpoint did not pay, false unless `step` is a checkpoint.

        Either too few of them raised the loss (condition 1), or the best loss so far, `best_loss` (N,), is what it was
        at the last checkpoint although the size was kept there (condition 2).
        """
        if step not in self._checkpoints:
            return torch.zeros_like(self._halved)
        rarely = self._rises < RISING * (step - self._last)
        stuck = ~self._halved & (best_loss == self._best_then)
        self._halved, self._best_then, self._last = rarely | stuck, best_loss, step
        self._rises = torch.zeros_like(self._rises)
        return self._halved

    def advance(self, unpaid: torch.Tensor, rose: torch.Tensor) -> None:
        """After a step: halve where `unpaid` (N,), and count where the loss `rose` (N,)."""
        self.values = torch.where(per_image(unpaid), self.values / 2, self.values)
        self._rises = self._rises + rose


def checkpoints(steps: int) -> set[int]:
    """w_j = ⌈p_j · steps⌉: p is 0, 0.22, and then grows by 0.03 less than the time before, but by 0.06 at least."""
    # In whole hundredths: 0.41 · 100 in floating point may be a little above 41, and be rounded up to 42.
    places, share, growth = set(), 22, 22
    while share <= 100:
        places.add(-(-share * steps // 100))
        growth = max(growth - 3, 6)
        share += growth
    return places


def _pick(
    which: torch.Tensor, those: tuple[torch.Tensor, torch.Tensor], others: tuple[torch.Tensor, torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Images and gradients (N, C, H, W): those where `which` (N,), else the others."""
    mask = per_image(which)
    return torch.where(mask, those[0], others[0]), torch.where(mask, those[1], others[1])
