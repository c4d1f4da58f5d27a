"""BIM (Kurakin et al. 2017; section 2.2): clipped steps along the sign, whose length is a share of ε."""

from typing import Annotated

import torch
from pydantic import Field

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Parameters, Task
from mtaa.attacks.fgsm import loss_sign, per_image
from mtaa.attacks.oracle import Oracle
from mtaa.attacks.pgd import ball


class BimParameters(Parameters):
    """`step_share` is α as a share of ε, in (0, 1].

    The paper steps by one grey level, min(ε + 4, 1.25 ε) times. The defaults are just that at ε = 8, and go a way of
    1.25 ε in all at every other ε, with the same number of gradients for each image of a batch.
    """

    step_share: Annotated[float, Field(gt=0, le=1)] = 0.125
    steps: Annotated[int, Field(ge=1, le=100_000)] = 10


@ATTACKS.register(
    "bim", title="BIM", description="clipped steps along the sign, each a share of ε", symbol="ε", norm="L∞"
)
class Bim(Attack):
    """x'ₜ₊₁ = clip to [0, 1] and to the ε-ball of x of (x'ₜ + α · sign ∇ cross-entropy), α = `step_share` · ε.

    `pgd` takes the same step, but its α is in grey levels and the same for every ε, so that where ε is smaller than α
    it jumps from edge to edge; here a pixel takes as many steps to the edge at every ε. There is no random start.
    """

    symbol = "ε"
    unit = "1/255"
    limit = 255.0
    parameters_type = BimParameters
    parameters: BimParameters

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        radius = per_image(task.intensities / 255)
        lowest, highest = ball(task.images, radius)
        moved = task.images
        for _ in range(self.parameters.steps):
            moved = moved + self.parameters.step_share * radius * loss_sign(oracle, moved, task.labels)
            moved = torch.clamp(moved, lowest, highest)
        return Crafted(moved, torch.ones_like(task.labels, dtype=torch.bool))
