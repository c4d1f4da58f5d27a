"""PGD-L2 (Madry et al. 2018; section 5.1, ℓ2): steps along the gradient's direction, kept in the L2 ball and [0, 1]."""

from typing import Annotated

import torch
from pydantic import Field

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Parameters, Task
from mtaa.attacks.dice import rolls
from mtaa.attacks.fgsm import loss_gradient, per_image
from mtaa.attacks.oracle import Oracle


class PgdL2Parameters(Parameters):
    """`step_share` is α as a share of ε, so that a vector of ε takes the same number of steps to the edge.

    The default is the authors' rule, 2.5 ε over all steps. `random_start` starts anywhere in the ball.
    """

    step_share: Annotated[float, Field(gt=0, le=2)] = 0.0625
    steps: Annotated[int, Field(ge=1, le=100_000)] = 40
    random_start: bool = False


@ATTACKS.register(
    "pgd_l2", title="PGD-L2", description="many steps along the gradient in an L2 ball", symbol="ε", norm="L2"
)
class PgdL2(Attack):
    """x'ₜ₊₁ = projection of x'ₜ + α · ∇ / ‖∇‖₂ on [0, 1] and then on the ball of L2 radius ε around x.

    ε is in units of [0, 1] images, as the field writes it (0.5 for CIFAR-10, 3 for ImageNet). Clipping first is what
    lets an image end at ε exactly: drawing it towards x, which is in [0, 1], does not leave [0, 1] again.
    """

    symbol = "ε"
    unit = "L2"
    limit = 1000.0
    parameters_type = PgdL2Parameters
    parameters: PgdL2Parameters

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        images, settings, radius = task.images, self.parameters, task.intensities
        moved = images
        if settings.random_start:
            moved = project((images + per_image(radius) * _in_ball(task)).clamp(0, 1), images, radius)
        for _ in range(settings.steps):
            _, gradient = loss_gradient(oracle, moved, task.labels)
            step = per_image(settings.step_share * radius) * unit_length(gradient)[0]
            moved = project((moved + step).clamp(0, 1), images, radius)
        return Crafted(moved, torch.ones_like(task.labels, dtype=torch.bool))


def project(moved: torch.Tensor, images: torch.Tensor, radius: torch.Tensor) -> torch.Tensor:
    """`moved` (N, C, H, W), drawn straight towards `images` where it is further than `radius` (N,) in L2."""
    change = moved - images
    length = change.flatten(1).norm(dim=1).clamp_min(torch.finfo(change.dtype).tiny)
    return images + per_image((radius / length).clamp_max(1)) * change


def unit_length(gradient: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Each image's gradient (N, C, H, W) at L2 length 1, and the length (N,) it had; zero everywhere stays zero.

    Divided by the largest value first: the squares of a sure victim's gradients vanish in float32.
    """
    tiny = torch.finfo(gradient.dtype).tiny
    largest = gradient.abs().flatten(1).amax(1).clamp_min(tiny)
    scaled = gradient / per_image(largest)
    length = scaled.flatten(1).norm(dim=1)
    return scaled / per_image(length.clamp_min(tiny)), largest * length


def _in_ball(task: Task) -> torch.Tensor:
    """Points (N, C, H, W) uniform in the unit ball: a normal direction, and a length of u^(1/d)."""
    size = task.images[0].numel()
    draw = rolls(task, size + 1).double()
    # The inverse of the normal distribution function is infinite at 0, which a roll can be.
    normal = torch.special.ndtri(draw[:, 1:].clamp_min(1e-9))
    direction = normal / normal.norm(dim=1, keepdim=True)
    return (direction * draw[:, :1] ** (1 / size)).to(task.images.dtype).view_as(task.images)
