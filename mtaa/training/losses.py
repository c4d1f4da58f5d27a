"""The three losses and their weighting by uncertainty (eq. 5-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import nn
from torch.nn import functional as F

from mtaa.models.network import INTENSITY_SCALE, Signatures
from mtaa.training.config import TASKS, Task

HUBER_KNEE = 0.1


@dataclass(frozen=True)
class Targets:
    """attack, victim: (N,) int64. intensity: (N,) float32, in the attack's unit, 0 where clean.

    Of images that nobody made here, victim and intensity may be unknown (`mtaa.training.labelled`).
    """

    attack: torch.Tensor
    victim: torch.Tensor
    intensity: torch.Tensor


def task_losses(
    signatures: Signatures, targets: Targets, kind: Literal["squared", "huber"], spread: torch.Tensor
) -> torch.Tensor:
    """Cross-entropies of attack (eq. 5) and victim (eq. 6), and the regression's loss (eq. 8): (3,).

    The regression of each example's own attack is held against its intensity, in units of 100 × that attack's
    `spread` (A,). Clean images count, with intensity 0, as in the paper. What is unknown adds nothing to its loss.
    """
    got = signatures.intensities.gather(1, targets.attack[:, None]).squeeze(1)
    scale = spread[targets.attack]
    got, wanted = got / scale, targets.intensity / INTENSITY_SCALE / scale
    wanted = torch.where(wanted.isnan(), got.detach(), wanted)
    regression = F.mse_loss(got, wanted) if kind == "squared" else F.smooth_l1_loss(got, wanted, beta=HUBER_KNEE)
    attack = F.cross_entropy(signatures.attack, targets.attack)
    return torch.stack([attack, F.cross_entropy(signatures.victim, targets.victim), regression])


class Weighting(nn.Module):
    """Eq. 14: L₁/σ₁² + L₂/σ₂² + L₃/2σ₃² + log σ₁σ₂σ₃, with s = log σ² learnt; or the plain sum.

    Takes the losses (3,) of attack, victim and intensity and returns one number, to which only `tasks` contribute.
    """

    halves: torch.Tensor
    counted: torch.Tensor

    def __init__(self, kind: Literal["uncertainty", "sum"], tasks: Sequence[Task] = TASKS):
        super().__init__()
        self.log_variances = nn.Parameter(torch.zeros(3), requires_grad=kind == "uncertainty")
        self.register_buffer("halves", torch.tensor([1.0, 1.0, 0.5]), persistent=False)
        self.register_buffer("counted", torch.tensor([float(task in tasks) for task in TASKS]), persistent=False)
        self.learnt = kind == "uncertainty"

    def forward(self, losses: torch.Tensor) -> torch.Tensor:
        if not self.learnt:
            return self.plain(losses)
        weighted = self.halves * losses * torch.exp(-self.log_variances) + self.log_variances / 2
        return (self.counted * weighted).sum()

    def plain(self, losses: torch.Tensor) -> torch.Tensor:
        """The losses (3,) of `tasks` added up."""
        return (self.counted * losses).sum()
