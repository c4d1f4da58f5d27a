"""The auto-encoder of Table 6: from a feature map to the perturbation in it."""

import torch
from torch import nn
from torch.nn import functional as F


class AutoEncoder(nn.Module):
    """G(R(·)) on feature maps (N, channels, h, w); the output has the input's shape.

    On 14 × 14 maps the sides are Table 6's: 8, 4, 3, 2 down and 5, 11, 14 up. On maps of another side the decoder's
    output is resized bilinearly to it.
    """

    def __init__(self, channels: int):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(channels, 512, 2, stride=2, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2, stride=2),
            nn.Conv2d(512, 256, 2, stride=2, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2, stride=1),
        )
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(256, 512, 3, stride=2),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(512, 256, 5, stride=2, padding=1),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(256, channels, 6, stride=1, padding=1),
        )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        decoded: torch.Tensor = self.decoder(self.encoder(features))
        if decoded.shape[-2:] != features.shape[-2:]:
            decoded = F.interpolate(decoded, features.shape[-2:], mode="bilinear", align_corners=False)
        return decoded
