"""The architectures a victim can have, as torchvision builds them, and the geometry each computes at."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torchvision
from torch import nn

from mtaa.core.registry import Registry

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
IMAGENET_CLASSES = 1000
Build = Callable[[int, int, bool], nn.Module]


@dataclass(frozen=True)
class Architecture:
    """`build(classes, side, pretrained)` makes the bare network on 3-channel input of `side` pixels.

    Images of up to `small_side` pixels are computed at `small_side`, larger ones at `large_side`. `mean` and `std` are
    what torchvision's pretrained weights expect; victims trained here use their data's own.
    """

    build: Build
    small_side: int
    large_side: int
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD

    def side(self, image_side: int) -> int:
        """The side (pixels) the network computes at for images of `image_side`."""
        return self.small_side if image_side <= self.small_side else self.large_side


ARCHITECTURES: Registry[Architecture] = Registry("victim")


def _resnet(name: str) -> Build:
    def build(classes: int, side: int, pretrained: bool) -> nn.Module:
        return torchvision.models.get_model(name, weights="DEFAULT" if pretrained else None, num_classes=classes)

    return build


def _vgg(name: str) -> Build:
    def build(classes: int, side: int, pretrained: bool) -> nn.Module:
        network = torchvision.models.get_model(name, weights="DEFAULT" if pretrained else None, num_classes=classes)
        if side < 224:
            # At 32 × 32 the five poolings leave 1 × 1 × 512: the usual small-image head is one linear layer,
            # where the ImageNet head would only repeat the same value 49 times into 119 million weights.
            network.avgpool = nn.AdaptiveAvgPool2d(1)
            network.classifier = nn.Linear(512, classes)
        return network

    return build


def _inception(classes: int, side: int, pretrained: bool) -> nn.Module:
    if not pretrained:
        return torchvision.models.inception_v3(num_classes=classes, aux_logits=False, init_weights=False)
    # Without its own change of input the pretrained network wants a mean and deviation of one half.
    network = torchvision.models.inception_v3(weights="DEFAULT", transform_input=False)
    network.aux_logits, network.AuxLogits = False, None
    return network


def _tiny(kernel: int, width: int) -> Build:
    def build(classes: int, side: int, pretrained: bool) -> nn.Module:
        return nn.Sequential(
            nn.Conv2d(3, width, kernel, stride=2, padding=kernel // 2),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(4),
            nn.Flatten(),
            nn.Linear(32 * width, classes),
        )

    return build


for _name, _title, _build, _small, _large in (
    ("inception_v3", "InceptionV3", _inception, 75, 299),
    ("resnet18", "ResNet18", _resnet("resnet18"), 32, 224),
    ("resnet50", "ResNet50", _resnet("resnet50"), 32, 224),
    ("vgg16", "VGG16", _vgg("vgg16"), 32, 224),
    ("vgg19", "VGG19", _vgg("vgg19"), 32, 224),
    ("tiny_a", "Tiny A", _tiny(5, 12), 28, 28),
    ("tiny_b", "Tiny B", _tiny(3, 16), 28, 28),
):
    ARCHITECTURES.add(
        _name,
        Architecture(_build, _small, _large, *(((0.5,) * 3,) * 2 if _name == "inception_v3" else ())),
        title=_title,
        description="two convolutions, for trials and tests" if _name.startswith("tiny") else f"torchvision's {_title}",
        sides=[_small, _large],
    )


def parameters(network: nn.Module) -> int:
    """How many numbers the network learns."""
    return sum(weight.numel() for weight in network.parameters())


def at_geometry(images: torch.Tensor, side: int) -> torch.Tensor:
    """Images (N, C, H, W) resized bilinearly to (N, C, side, side); unchanged where they have that size."""
    if images.shape[-2:] == (side, side):
        return images
    return nn.functional.interpolate(images, (side, side), mode="bilinear", align_corners=False, antialias=False)
