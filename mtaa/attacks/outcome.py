"""What an attack really achieved, measured on the image as it is saved: rounded to 8 bits."""

from dataclasses import dataclass

import torch

from mtaa.attacks.cw import margin
from mtaa.victims.model import Victim


@dataclass(frozen=True)
class Outcome:
    """All (N,), after rounding: fooled bool; margin in logits; linf in grey levels; l2 in [0, 1] units, all float32."""

    fooled: torch.Tensor
    margin: torch.Tensor
    linf: torch.Tensor
    l2: torch.Tensor


def round_to_bytes(images: torch.Tensor) -> torch.Tensor:
    """Images in [0, 1] rounded (never truncated) to uint8, as an attacker saves them."""
    return torch.round(images * 255).to(torch.uint8)


def measure(victim: Victim, clean: torch.Tensor, adversarial: torch.Tensor, labels: torch.Tensor) -> Outcome:
    """Judge rounded images: `clean` and `adversarial` (N, C, H, W) uint8, `labels` (N,); the victim runs in float32."""
    place = victim.mean.device
    with torch.inference_mode():
        margins = margin(victim(adversarial.to(place).float() / 255), labels.to(place)).cpu()
    change = (adversarial.float() - clean.float()).flatten(1).cpu()
    return Outcome(margins > 0, margins, change.abs().amax(1), change.div(255).square().sum(1).sqrt())
