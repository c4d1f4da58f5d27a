"""From a suspicious image alone to the perturbation of its pixels: a residual denoiser at full resolution."""

from typing import Annotated

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import nn
from torch.nn import functional as F

from mtaa.models.planes import PLANES, planes


class EstimatorConfig(BaseModel):
    """channels: those of the images. width: feature maps a layer. dilations: one a layer; with the default ones an
    output pixel sees 35 × 35 pixels of the image, so all of a digit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channels: Annotated[int, Field(ge=1)] = 1
    width: Annotated[int, Field(ge=1)] = 40
    dilations: tuple[Annotated[int, Field(ge=1)], ...] = (1, 2, 3, 4, 3, 2, 1)


class PerturbationEstimator(nn.Module):
    """x' ↦ δ̂, both (N, C, H, W) in units of [0, 1]; x' − δ̂ estimates the clean image.

    Like DnCNN (Zhang et al. 2017a) it is fully convolutional, never leaves full resolution and learns the residual; its
    dilated layers see far without depth, as in IRCNN (Zhang et al. 2017b). Before training δ̂ is 0.
    """

    def __init__(self, config: EstimatorConfig):
        super().__init__()
        self.config = config
        self.first = nn.Conv2d(PLANES * config.channels, config.width, 3, padding=1)
        self.body = nn.ModuleList(_Layer(config.width, dilation) for dilation in config.dilations)
        self.last = nn.Conv2d(config.width, config.channels, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        features = F.relu(self.first(planes(images).contiguous(memory_format=torch.channels_last)))
        for layer in self.body:
            features = layer(features)
        estimate: torch.Tensor = self.last(features).float()
        return estimate


class _Layer(nn.Module):
    """Convolution, normalisation and rectifier, with the input added: (N, width, H, W) to the same."""

    def __init__(self, width: int, dilation: int):
        super().__init__()
        self.convolution = nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.normalisation = nn.BatchNorm2d(width)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return features + F.relu(self.normalisation(self.convolution(features)))


def estimate_clean(estimator: PerturbationEstimator, images: torch.Tensor) -> torch.Tensor:
    """x' − δ̂ of images (N, C, H, W) uint8, rounded to 8 bits: uint8 of the same shape. Gradients are not kept."""
    with torch.inference_mode():
        pixels = images.float() / 255
        return ((pixels - estimator(pixels)).clamp(0, 1) * 255).round().to(torch.uint8)
