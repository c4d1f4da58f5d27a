"""One head of the network as a function of the image: what an explainer explains."""

from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import nn

from mtaa.models.network import INTENSITY_SCALE, Mtaa, Signatures

HeadName = Literal["attack", "victim", "intensity"]
HEADS: tuple[HeadName, ...] = get_args(HeadName)
HISTOGRAMS, EXTRACTOR = "the histograms of grey levels", "the perturbation extractor"


class Head(nn.Module):
    """Images (N, C, H, W) in [0, 1] to one number each, (N, 1): the logit of a class, or an intensity in label units.

    `place` is the class; for the intensity, the attack whose regression answers. It is fixed, so that the answer does
    not jump to another attack's scale when an explainer changes the image. What noise carries beyond black or white is
    cut off: the network counts grey levels, and there are none out there.
    """

    def __init__(self, network: Mtaa, name: HeadName, place: int):
        super().__init__()
        self.network, self.name, self.place = network, name, place

    @property
    def layer(self) -> nn.Module:
        """The last stage with places in it, before pooling: where Grad-CAM looks."""
        branch = self.network.victim_branch if self.name == "victim" else None
        return self.network.attack_branch if branch is None else branch

    @property
    def readers(self) -> dict[str, list[nn.Module]]:
        """The first layers that a gradient reaches, by what they read; the answer rests on their inputs alone.

        First the image's planes, pixel by pixel, under no name. What else there is has no place in the image.
        """
        found: dict[str, list[nn.Module]] = {"": [self.network.shared.stem]}  # type: ignore[list-item]
        if self.network.statistics is not None and self.name != "victim":
            found[HISTOGRAMS] = [self.network.statistics.score, self.network.statistics.dense]
        if self.network.extractor is not None:
            found[EXTRACTOR] = [self.network.extractor.autoencoder]
        return found

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        found: Signatures = self.network(images.clamp(0, 1))
        values = {"attack": found.attack, "victim": found.victim, "intensity": found.intensities * INTENSITY_SCALE}
        return values[self.name][:, self.place : self.place + 1]


@dataclass(frozen=True)
class Answer:
    """What a head says of an image: the class `place` it explains, and its value."""

    place: int
    value: float


def answer(network: Mtaa, name: HeadName, image: torch.Tensor) -> Answer:
    """The likeliest class of an image (1, C, H, W) and its logit; for the intensity that of the likeliest attack."""
    with torch.inference_mode():
        found: Signatures = network(image)
    place = int((found.victim if name == "victim" else found.attack).argmax())
    with torch.inference_mode():
        return Answer(place, float(Head(network, name, place)(image)))


def without_gradient(network: Mtaa, name: HeadName) -> list[str]:
    """The parts that a head answers to and that have no gradient, in words."""
    parts = [HISTOGRAMS] if network.statistics is not None and name != "victim" else []
    if network.config.backbone == "forensic" and network.config.planes:
        parts.append("the marks of pixels at black or white")
    return [*parts, *([EXTRACTOR] if network.extractor is not None else [])]
