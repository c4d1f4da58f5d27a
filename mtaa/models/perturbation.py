"""The perturbation extractor of §3.3.2: a frozen feature extractor and an auto-encoder fitted by eq. 4."""

from typing import Self

import torch
from torch import nn
from torch.nn import functional as F

from mtaa.models.autoencoder import AutoEncoder
from mtaa.models.backbones import BACKBONES, Backbone
from mtaa.models.config import NetworkConfig

SMALLEST = 8


class PerturbationExtractor(nn.Module):
    """Estimates, from the suspicious image alone, what the attack has added to a feature map.

    Its feature extractor is never trained and always in evaluation mode. The auto-encoder is fitted beforehand on
    pairs and frozen with it when the attribution network is trained.
    """

    def __init__(self, config: NetworkConfig):
        super().__init__()
        self.features: Backbone = BACKBONES[config.backbone](config)
        self.tap = config.tap
        channels = self.features.taps[config.tap].channels
        self.autoencoder = AutoEncoder(channels)
        self.outputs = 2 * channels

    def train(self, mode: bool = True) -> Self:
        """Mode of the auto-encoder; the feature extractor stays in evaluation mode."""
        super().train(mode)
        self.features.eval()
        return self

    def feature_map(self, images: torch.Tensor) -> torch.Tensor:
        """The tapped map (N, channels, h, w), enlarged where the auto-encoder could not take it."""
        with torch.no_grad():
            found = self.features(images, self.tap)[self.tap]
        if min(found.shape[-2:]) < SMALLEST:
            found = F.interpolate(found, (14, 14), mode="bilinear", align_corners=False)
        return found

    def loss(self, adversarial: torch.Tensor, clean: torch.Tensor) -> torch.Tensor:
        """Eq. 4: mean square of fm' − G(R(fm')) − fm over image pairs (N, C, H, W)."""
        changed, original = self.feature_map(adversarial), self.feature_map(clean)
        return F.mse_loss(self.autoencoder(changed), changed - original)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Code (N, outputs): mean and mean absolute value by channel of the estimated perturbation G(R(fm'))."""
        estimate = self.autoencoder(self.feature_map(images))
        return torch.cat([estimate.mean((2, 3)), estimate.abs().mean((2, 3))], 1)
