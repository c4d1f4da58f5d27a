"""Backbones with declared taps: shared stages up to `layer3`, and a last stage that each task has a copy of."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

from mtaa.core.registry import Registry
from mtaa.models.config import NetworkConfig
from mtaa.models.planes import PLANES, planes

TAPS = ("stem", "layer1", "layer2", "layer3")


@dataclass(frozen=True)
class Tap:
    """A feature map one can read: its channels, and how many pixels of the image one of its steps spans."""

    channels: int
    stride: int


class Backbone(nn.Module):
    """The global shared layers. `taps` says what `forward` returns by name; `channels` is what a branch puts out."""

    taps: dict[str, Tap]
    channels: int

    @abstractmethod
    def forward(self, images: torch.Tensor, last: str = "layer3") -> dict[str, torch.Tensor]:
        """Feature maps by tap, up to and with `last`, of images (N, C, H, W) in [0, 1], C being 1 or 3."""

    @abstractmethod
    def branch(self) -> nn.Module:
        """A new last stage, from `layer3`'s feature map (N, C3, h, w) to (N, channels, h', w')."""


BACKBONES: Registry[Callable[[NetworkConfig], Backbone]] = Registry("backbone")


class ResNet(Backbone):
    """torchvision's ResNet; grey images are repeated to three channels."""

    def __init__(self, name: str, config: NetworkConfig):
        super().__init__()
        self._name, self._pretrained = name, config.pretrained
        network: Any = self._build()
        small = config.stem == "small"
        first = nn.Conv2d(3, 64, 3, padding=1, bias=False) if small else network.conv1
        pooling = nn.Identity() if small else network.maxpool
        self.stem = nn.Sequential(first, network.bn1, network.relu, pooling)
        self.layer1, self.layer2, self.layer3 = network.layer1, network.layer2, network.layer3
        growth = 1 if name in ("resnet18", "resnet34") else 4
        start = 1 if small else 4
        widths = (64, 64 * growth, 128 * growth, 256 * growth)
        strides = (start, start, 2 * start, 4 * start)
        self.taps = {name: Tap(*pair) for name, *pair in zip(TAPS, widths, strides, strict=True)}
        self.channels = 512 * growth

    def _build(self) -> nn.Module:
        network: nn.Module = torchvision.models.get_model(self._name, weights="DEFAULT" if self._pretrained else None)
        return network

    def forward(self, images: torch.Tensor, last: str = "layer3") -> dict[str, torch.Tensor]:
        images = images.expand(-1, 3, -1, -1) if images.shape[1] == 1 else images
        return _through(self, images, last)

    def branch(self) -> nn.Module:
        network: Any = self._build()
        stage: nn.Module = network.layer4
        return stage


class Forensic(Backbone):
    """A small network that sees every pixel: no pooling before `layer2`, and fixed high-pass planes beside the image.

    What tells one attack from another are single grey levels and the texture of signs, which a strided stem blurs.
    """

    def __init__(self, config: NetworkConfig):
        super().__init__()
        one, two, three, four = config.widths
        start = config.early_stride
        self._last, self._planes = (three, four), config.planes
        first = nn.LazyConv2d(one, 3, 1 if start == 1 else 2, 1, bias=False)
        pooling = [] if start == 1 else [nn.MaxPool2d(3, 2, 1)]
        self.stem = nn.Sequential(first, nn.BatchNorm2d(one), nn.ReLU(inplace=True), *pooling)
        self.layer1 = nn.Sequential(Block(one, one), Block(one, one))
        self.layer2 = nn.Sequential(Block(one, two, 2), Block(two, two))
        self.layer3 = nn.Sequential(Block(two, three, 2), Block(three, three))
        widths, strides = (one, one, two, three), (start, start, 2 * start, 4 * start)
        self.taps = {name: Tap(*pair) for name, *pair in zip(TAPS, widths, strides, strict=True)}
        self.channels = four

    def forward(self, images: torch.Tensor, last: str = "layer3") -> dict[str, torch.Tensor]:
        return _through(self, planes(images) if self._planes else images, last)

    def branch(self) -> nn.Module:
        return nn.Sequential(Block(self._last[0], self._last[1], 2), Block(self._last[1], self._last[1]))


class Plain(Backbone):
    """Eleven layers without shortcuts: ten convolutions 3 × 3 by twos, pooling between the pairs, and one linear head.

    Stands for the self-built network of Dotter et al. (2021), of which the paper prints the number of layers alone.
    """

    def __init__(self, config: NetworkConfig):
        super().__init__()
        one, two, three, four = config.widths
        self._last = (three, four)
        self.stem = nn.Sequential(_unit(None, one), _unit(one, one))
        self.layer1 = _pair(one, one)
        self.layer2 = _pair(one, two)
        self.layer3 = _pair(two, three)
        self.taps = {name: Tap(*pair) for name, *pair in zip(TAPS, (one, one, two, three), (1, 2, 4, 8), strict=True)}
        self.channels = four

    def forward(self, images: torch.Tensor, last: str = "layer3") -> dict[str, torch.Tensor]:
        return _through(self, images, last)

    def branch(self) -> nn.Module:
        return _pair(*self._last)


def _unit(inputs: int | None, outputs: int) -> nn.Module:
    first = (
        nn.LazyConv2d(outputs, 3, 1, 1, bias=False)
        if inputs is None
        else nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)
    )
    return nn.Sequential(first, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def _pair(inputs: int, outputs: int) -> nn.Module:
    return nn.Sequential(nn.MaxPool2d(2, ceil_mode=True), _unit(inputs, outputs), _unit(outputs, outputs))


class Block(nn.Module):
    """The basic residual block (He et al. 2016): (N, inputs, h, w) to (N, outputs, h / stride, w / stride)."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs))
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return F.relu(self.second(F.relu(self.first(features))) + self.shortcut(features))


def _through(backbone: Backbone, features: torch.Tensor, last: str) -> dict[str, torch.Tensor]:
    found = {}
    for name in TAPS:
        features = getattr(backbone, name)(features)
        found[name] = features
        if name == last:
            break
    return found


for _name, _title in (("resnet18", "ResNet18"), ("resnet50", "ResNet50"), ("resnet101", "ResNet101")):
    BACKBONES.add(
        _name,
        lambda config, name=_name: ResNet(name, config),  # type: ignore[misc]
        title=_title,
        description=f"torchvision's {_title}, as in the paper",
    )
BACKBONES.add(
    "forensic",
    Forensic,
    title="Forensic",
    description=f"full resolution early, {PLANES} planes a channel, basic blocks",
)
BACKBONES.add(
    "cnn11",
    Plain,
    title="CNN of 11 layers",
    description="plain convolutions, for the self-built network that the paper compares with",
)
