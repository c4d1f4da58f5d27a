"""How large a margin C&W reaches on a victim: beyond it, κ can't be identified from the image."""

from typing import Any

import numpy as np
import torch

from mtaa.attacks.cw import Cw, CwParameters
from mtaa.attacks.oracle import Oracle
from mtaa.attacks.outcome import measure, round_to_bytes
from mtaa.core import device as devices
from mtaa.victims.model import Victim

SHARE = 0.95


def reachable_margin(
    victim: Victim, images: torch.Tensor, labels: torch.Tensor, parameters: CwParameters, seed: int = 0
) -> dict[str, Any]:
    """The margin that 95 % of `images` (N, C, H, W) uint8 reach when κ asks for more than any can, after rounding.

    With κ out of reach the loss no longer depends on it, so this is where C&W with these `parameters` ends for every κ
    too large: its saturation. Gradients are in the device's fastest arithmetic, margins in float32; quantiles are in
    logits.
    """
    pixels = images.float() / 255
    endless = torch.full((len(images),), Cw.limit)
    crafted = Cw(parameters)(
        Oracle(victim, devices.fastest(victim.mean.device), str(victim.mean.device)), pixels, labels, endless, seed
    )
    margins = measure(victim, images, round_to_bytes(crafted.images.cpu()), labels).margin.numpy()
    return {
        "margin_95_percent_reach": float(np.quantile(margins, 1 - SHARE)),
        "median": float(np.median(margins)),
        "largest": float(margins.max()),
        "images": len(images),
        "parameters": parameters.model_dump(),
        "seed": seed,
    }
