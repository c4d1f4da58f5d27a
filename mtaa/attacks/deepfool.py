"""DeepFool (Moosavi-Dezfooli et al. 2016; algorithm 2, L2): to the nearest decision boundary, and η past it."""

from typing import Annotated

import torch
from pydantic import Field

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Parameters, Task
from mtaa.attacks.fgsm import per_image
from mtaa.attacks.margin import margin
from mtaa.attacks.oracle import Oracle
from mtaa.attacks.pgd_l2 import unit_length

# Added to each step by the authors' code, so that it lands behind the boundary of the linear model and not on it.
BEYOND = 1e-4


class DeepFoolParameters(Parameters):
    """`classes` is how many are considered, the likeliest at the start, the true one included; `steps` is at most.

    A step asks for `classes` - 1 gradients. The defaults are those of the authors' code.
    """

    classes: Annotated[int, Field(ge=2, le=1000)] = 10
    steps: Annotated[int, Field(ge=1, le=1000)] = 50


@ATTACKS.register(
    "deepfool", title="DeepFool", description="to the nearest boundary, and η past it", symbol="η", norm="L2"
)
class DeepFool(Attack):
    """x'ᵢ₊₁ = x'ᵢ + r, the shortest step that changes the linearised decision, and at the end x + (1 + η)(x' − x).

    The smallest change has no strength to choose; all that its maker chooses is the overshoot η (2 % in the paper), so
    that is the intensity, in percent. Here η acts once, after the boundary is found, as in the paper: in the authors'
    code it stretches each iterate too, and a large η would find another boundary rather than go further past this one.
    So all η of one image are one direction at other lengths, and what was asked for can be measured.

    Iterates are clipped to [0, 1]. `reached` says whether the result is misclassified; an image that is so to begin
    with has no boundary to be led to, and comes back as it was, not reached. Each image leaves the batch at its end.
    """

    symbol = "η"
    unit = "%"
    limit = 1000.0
    parameters_type = DeepFoolParameters
    parameters: DeepFoolParameters

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        images, labels = task.images, task.labels
        moved, logits = images.clone(), oracle.logits(images)
        rivals = _rivals(logits, labels, self.parameters.classes)
        right = margin(logits, labels) <= 0
        rest = torch.nonzero(right).squeeze(1)
        for _ in range(self.parameters.steps):
            if len(rest) == 0:
                break
            step = _step(oracle, moved[rest], labels[rest], rivals[rest])
            moved[rest] = (moved[rest] + step).clamp(0, 1)
            rest = rest[margin(oracle.logits(moved[rest]), labels[rest]) <= 0]
        result = (images + per_image(1 + task.intensities / 100) * (moved - images)).clamp(0, 1)
        return Crafted(result, right & (margin(oracle.logits(result), labels) > 0))


def _rivals(logits: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """The likeliest classes but the true one (N, `classes` - 1), or all there are."""
    others = logits.scatter(1, labels[:, None], -torch.inf)
    return others.topk(min(classes, logits.shape[1]) - 1, dim=1).indices


def _step(oracle: Oracle, images: torch.Tensor, labels: torch.Tensor, rivals: torch.Tensor) -> torch.Tensor:
    """The shortest change (N, C, H, W) after which the linearised classifier prefers one of `rivals` (N, R)."""
    nearest = torch.full_like(images[:, 0, 0, 0], torch.inf)
    direction = torch.zeros_like(images)
    for rival in rivals.unbind(1):

        def lead(logits: torch.Tensor, rival: torch.Tensor = rival) -> torch.Tensor:
            return (logits.gather(1, rival[:, None]) - logits.gather(1, labels[:, None])).squeeze(1)

        logits, gradient = oracle.gradient(images, lead)
        slope, length = unit_length(gradient)
        distance = lead(logits).abs() / length
        nearer = distance < nearest
        nearest = torch.where(nearer, distance, nearest)
        direction = torch.where(per_image(nearer), slope, direction)
    # Without any gradient no class is at any distance, and the image stays.
    return per_image(torch.where(nearest.isfinite(), nearest + BEYOND, 0)) * direction
