"""FGSM (Goodfellow et al. 2015; eq. 1 of the paper): one step of ε along the sign of the gradient."""

import torch
from torch.nn import functional as F

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Task
from mtaa.attacks.oracle import Oracle


@ATTACKS.register("fgsm", title="FGSM", description="one step along the sign of the gradient", symbol="ε", norm="L∞")
class Fgsm(Attack):
    """x' = clip(x + ε · sign ∇ cross-entropy)."""

    symbol = "ε"
    unit = "1/255"
    limit = 255.0

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        step = per_image(task.intensities / 255) * loss_sign(oracle, task.images, task.labels)
        return Crafted((task.images + step).clamp(0, 1), torch.ones_like(task.labels, dtype=torch.bool))


def loss_sign(oracle: Oracle, images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Sign (N, C, H, W) of the gradient of the cross-entropy with the true label."""
    return loss_gradient(oracle, images, labels)[1].sign()


def loss_gradient(oracle: Oracle, images: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Cross-entropy with the true label (N,), and its gradient (N, C, H, W) at the pixels."""

    def loss(logits: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(logits, labels, reduction="none")

    logits, gradient = oracle.gradient(images, loss)
    return loss(logits), gradient


def per_image(values: torch.Tensor) -> torch.Tensor:
    """(N,) as (N, 1, 1, 1), to go with images."""
    return values.view(-1, 1, 1, 1)
