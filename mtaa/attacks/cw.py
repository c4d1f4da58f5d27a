"""C&W-L2 (Carlini & Wagner 2017; eq. 3 of the paper): the smallest change that is misclassified by a margin of κ."""

from typing import Annotated

import torch
from pydantic import Field

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Parameters, Task
from mtaa.attacks.fgsm import per_image
from mtaa.attacks.oracle import Oracle

# arctanh is infinite at ±1, where black and white pixels lie.
INSIDE = 0.999999
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class CwParameters(Parameters):
    """`c` weighs misclassification against ‖ρ‖²; it is fixed, as in Table 1, with no binary search."""

    c: Annotated[float, Field(gt=0, le=1e6)] = 50.0
    steps: Annotated[int, Field(ge=1, le=100_000)] = 500
    learning_rate: Annotated[float, Field(gt=0, le=10)] = 0.01


@ATTACKS.register("cw", title="C&W", description="smallest L2 change with a margin of κ", symbol="κ", norm="L2")
class Cw(Attack):
    """Adam on w with x' = (tanh w + 1) / 2, minimising ‖x' − x‖² + c · max(κ − margin, 0).

    Returns, of each image's iterates, the smallest that has margin κ. Where none has, the one with the largest margin,
    and `reached` is False: the clean image is never handed back as a success. Every image has its own Adam state and
    κ, so the result does not depend on who else is in the batch.
    """

    symbol = "κ"
    limit = 1000.0
    parameters_type = CwParameters
    parameters: CwParameters

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        settings, images, labels, wanted = self.parameters, task.images, task.labels, task.intensities
        position = torch.atanh((2 * images - 1) * INSIDE)
        origin = (torch.tanh(position) + 1) / 2
        first, second = torch.zeros_like(position), torch.zeros_like(position)
        search = _Best(images, wanted)
        for step in range(1, settings.steps + 1):
            bend = torch.tanh(position)
            moved = (bend + 1) / 2
            logits, push = oracle.gradient(
                moved, lambda logits: settings.c * (wanted - margin(logits, labels)).clamp_min(0)
            )
            change = moved - origin
            search.offer(moved, change, margin(logits, labels))
            gradient = (push + 2 * change) * (1 - bend * bend) / 2
            first.lerp_(gradient, 1 - BETA1)
            second.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
            scale = (second / (1 - BETA2**step)).sqrt_().add_(EPSILON)
            position.addcdiv_(first, scale, value=-settings.learning_rate / (1 - BETA1**step))
        moved = (torch.tanh(position) + 1) / 2
        search.offer(moved, moved - origin, margin(oracle.logits(moved), labels))
        return Crafted(search.images, search.reached)


class _Best:
    """Each image's best iterate so far: smallest among those with margin κ, else the one nearest to having it."""

    def __init__(self, images: torch.Tensor, wanted: torch.Tensor):
        self.wanted = wanted
        self.images = images.clone()
        self.size = torch.full_like(wanted, torch.inf)
        self.margin = torch.full_like(wanted, -torch.inf)

    @property
    def reached(self) -> torch.Tensor:
        return self.size.isfinite()

    def offer(self, moved: torch.Tensor, change: torch.Tensor, margins: torch.Tensor) -> None:
        """Consider one iterate (N, C, H, W) with its change from the image and its margins (N,)."""
        sizes = change.flatten(1).square().sum(1)
        enough = (margins >= self.wanted) & (margins > 0)
        smaller = enough & (sizes < self.size)
        nearer = ~self.reached & ~enough & (margins > self.margin)
        self.images = torch.where(per_image(smaller | nearer), moved, self.images)
        self.size = torch.where(smaller, sizes, self.size)
        self.margin = torch.where(nearer, margins, self.margin)


def margin(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Largest wrong logit minus the true one (N,): positive where misclassified."""
    true = logits.gather(1, labels[:, None]).squeeze(1)
    wrong = logits.scatter(1, labels[:, None], -torch.inf).amax(1)
    return wrong - true
