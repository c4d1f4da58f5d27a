"""What an attack really achieved, measured on the image as it is saved: rounded to 8 bits."""

from dataclasses import dataclass

import torch

from mtaa.attacks.margin import margin
from mtaa.core.units import UnitName
from mtaa.victims.model import Victim

HALVINGS = 12


@dataclass(frozen=True)
class Outcome:
    """All (N,), after rounding: fooled bool; margin in logits; linf in grey levels; l2 in [0, 1] units, all float32.

    `achieved` is the measure in the unit of the attack's intensity.
    """

    fooled: torch.Tensor
    margin: torch.Tensor
    linf: torch.Tensor
    l2: torch.Tensor
    achieved: torch.Tensor


def round_to_bytes(images: torch.Tensor) -> torch.Tensor:
    """Images in [0, 1] rounded (never truncated) to uint8, as an attacker saves them."""
    return torch.round(images * 255).to(torch.uint8)


def measure(
    victim: Victim, clean: torch.Tensor, adversarial: torch.Tensor, labels: torch.Tensor, unit: UnitName = "logits"
) -> Outcome:
    """Judge rounded images: `clean` and `adversarial` (N, C, H, W) uint8, `labels` (N,); the victim runs in float32.

    `unit` is what `achieved` is measured in.
    """
    margins = _margins(victim, adversarial.float(), labels)
    linf, l2 = distances(clean, adversarial)
    if unit == "%":
        achieved = _overshoot(victim, clean.float(), adversarial.float(), labels)
    else:
        achieved = {"1/255": linf, "L2": l2, "logits": margins}[unit]
    return Outcome(margins > 0, margins, linf, l2, achieved)


def distances(clean: torch.Tensor, adversarial: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Largest difference in grey levels and L2 norm in [0, 1] units, (N,) each, of images (N, C, H, W) uint8."""
    change = (adversarial.float() - clean.float()).flatten(1).cpu()
    return change.abs().amax(1), change.div(255).square().sum(1).sqrt()


def shows(unit: UnitName, intensities: torch.Tensor, clean: torch.Tensor, adversarial: torch.Tensor) -> torch.Tensor:
    """Whether (N,) rounded images are as far from their originals as their label says, where that is a distance.

    Rounding leaves of ε the level below it; of an L2 radius it can take away half a level a pixel.
    """
    linf, l2 = distances(clean, adversarial)
    if unit == "1/255":
        return linf >= intensities.floor()
    if unit == "L2":
        return l2 >= intensities - 0.5 / 255 * clean[0].numel() ** 0.5
    return torch.ones(len(clean), dtype=torch.bool)


def _margins(victim: Victim, levels: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    place = victim.mean.device
    with torch.inference_mode():
        return margin(victim(levels.to(place) / 255), labels.to(place)).cpu()


def _overshoot(victim: Victim, clean: torch.Tensor, adversarial: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """How far behind the decision boundary images lie, in percent of the way there (N,); 0 where they don't fool.

    The boundary is found by halving the straight way from the original, as if it were crossed once.
    """
    before, behind = torch.zeros(len(clean)), torch.ones(len(clean))
    for _ in range(HALVINGS):
        middle = (before + behind) / 2
        fools = _margins(victim, torch.lerp(clean, adversarial, middle.view(-1, 1, 1, 1)), labels) > 0
        before, behind = torch.where(fools, before, middle), torch.where(fools, middle, behind)
    fooled = _margins(victim, adversarial, labels) > 0
    return torch.where(fooled, 100 * (1 / behind - 1), 0)
