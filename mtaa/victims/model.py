"""A victim as an attacker meets it: images in [0, 1] in, logits out."""

import torch
from torch import nn

from mtaa.victims.architectures import at_geometry


class Victim(nn.Module):
    """Normalises and resizes inside, so that gradients reach the pixels the attacker changes.

    `forward` takes images (N, C, H, W) in [0, 1], C being 1 or the network's `channels`, and returns logits
    (N, classes).
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, network: nn.Module, side: int, mean: list[float], std: list[float], channels: int = 3):
        super().__init__()
        self.network, self.side, self.channels = network, side, channels
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, -1, 1, 1), persistent=False)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.network(self.prepared(images))
        return logits.to(images.dtype)

    def prepared(self, images: torch.Tensor) -> torch.Tensor:
        """What the network itself sees of the images: (N, channels, side, side), normalised."""
        if images.shape[1] == 1:
            images = images.expand(-1, self.channels, -1, -1)
        return at_geometry((images - self.mean) / self.std, self.side)

    def around(self, network: nn.Module) -> "Victim":
        """A victim that sees images as this one does, with another network."""
        return Victim(network, self.side, self.mean.flatten().tolist(), self.std.flatten().tolist(), self.channels)
