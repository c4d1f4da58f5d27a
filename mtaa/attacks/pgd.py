"""PGD (Madry et al. 2018; eq. 2 of the paper): steps of α along the sign, clipped to the ε-ball after each."""

from typing import Annotated

import torch
from pydantic import Field

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Parameters, Task
from mtaa.attacks.dice import rolls
from mtaa.attacks.fgsm import loss_sign, per_image
from mtaa.attacks.oracle import Oracle


class PgdParameters(Parameters):
    """`step_size` is α in grey levels. Eq. 2 starts at the image itself; `random_start` starts anywhere in the ball."""

    step_size: Annotated[float, Field(gt=0, le=255)] = 10.0
    steps: Annotated[int, Field(ge=1, le=100_000)] = 100
    random_start: bool = False


@ATTACKS.register(
    "pgd", title="PGD", description="many clipped steps along the sign of the gradient", symbol="ε", norm="L∞"
)
class Pgd(Attack):
    """x'ₜ₊₁ = clip to [0, 1] and to the ε-ball of x of (x'ₜ + α · sign ∇ cross-entropy)."""

    symbol = "ε"
    unit = "1/255"
    limit = 255.0
    parameters_type = PgdParameters
    parameters: PgdParameters

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        images, settings, radius = task.images, self.parameters, per_image(task.intensities / 255)
        lowest, highest = ball(images, radius)
        moved = images
        if settings.random_start:
            draw = rolls(task, images[0].numel()).view_as(images)
            moved = torch.clamp(images + (2 * draw - 1) * radius, lowest, highest)
        for _ in range(settings.steps):
            moved = moved + (settings.step_size / 255) * loss_sign(oracle, moved, task.labels)
            moved = torch.clamp(moved, lowest, highest)
        return Crafted(moved, torch.ones_like(task.labels, dtype=torch.bool))


def ball(images: torch.Tensor, radius: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Lowest and highest pixels (N, C, H, W) within `radius` (N, 1, 1, 1) of `images` and within [0, 1]."""
    return (images - radius).clamp_min(0), (images + radius).clamp_max(1)
