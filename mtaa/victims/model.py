"""A victim as an attacker meets it: images in [0, 1] in, logits out."""

import torch
from torch import nn

from mtaa.victims.architectures import at_geometry


class Victim(nn.Module):
    """Normalises and resizes inside, so that gradients reach the pixels the attacker changes.

    `forward` takes images (N, C, H, W) in [0, 1], C being 1 or 3, and returns logits (N, classes).
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, network: nn.Module, side: int, mean: list[float], std: list[float]):
        super().__init__()
        self.network, self.side = network, side
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, -1, 1, 1), persistent=False)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        if images.shape[1] == 1:
            images = images.expand(-1, 3, -1, -1)
        logits: torch.Tensor = self.network(at_geometry((images - self.mean) / self.std, self.side))
        return logits.float()
