"""MI-FGSM (Dong et al. 2018; algorithm 1, eq. 6 and 7): steps of ε / T along the sign of a running gradient."""

from typing import Annotated

import torch
from pydantic import Field

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Parameters, Task
from mtaa.attacks.fgsm import loss_gradient, per_image
from mtaa.attacks.oracle import Oracle
from mtaa.attacks.pgd import ball


class MiFgsmParameters(Parameters):
    """`decay` is μ, what is kept of the running gradient at each step (0 keeps nothing). `steps` is T."""

    decay: Annotated[float, Field(ge=0, le=10)] = 1.0
    steps: Annotated[int, Field(ge=1, le=100_000)] = 10


@ATTACKS.register(
    "mi_fgsm", title="MI-FGSM", description="steps along the sign of a running gradient", symbol="ε", norm="L∞"
)
class MiFgsm(Attack):
    """g ← μ g + ∇ / ‖∇‖₁, then x' ← clip(x' + ε / T · sign g).

    Unlike `bim` it remembers: a pixel turns back only once its past gradients are outweighed. T steps of ε / T can't
    leave the ε-ball; clipping to it takes away what float rounding adds.
    """

    symbol = "ε"
    unit = "1/255"
    limit = 255.0
    parameters_type = MiFgsmParameters
    parameters: MiFgsmParameters

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        settings, radius = self.parameters, per_image(task.intensities / 255)
        lowest, highest = ball(task.images, radius)
        moved, running = task.images, torch.zeros_like(task.images)
        for _ in range(settings.steps):
            _, gradient = loss_gradient(oracle, moved, task.labels)
            running = settings.decay * running + normalised(gradient)
            moved = torch.clamp(moved + radius / settings.steps * running.sign(), lowest, highest)
        return Crafted(moved, torch.ones_like(task.labels, dtype=torch.bool))


def normalised(gradient: torch.Tensor) -> torch.Tensor:
    """Each image's gradient (N, C, H, W) divided by its own L1 norm; one that is zero everywhere stays zero.

    Dividing by the mean of the absolute values, as the authors' code does, scales every term of the sum alike and so
    leaves its sign as it is.
    """
    size = gradient.abs().flatten(1).sum(1).clamp_min(torch.finfo(gradient.dtype).tiny)
    return gradient / per_image(size)
