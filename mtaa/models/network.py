"""The multi-task attribution network (Fig. 5): one image in, three signatures out."""

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import nn

from mtaa.models.backbones import BACKBONES
from mtaa.models.config import NetworkConfig
from mtaa.models.perturbation import PerturbationExtractor
from mtaa.models.statistics import Statistics

# Intensities are told in units of 100 grey levels or 100 logits, so that all three losses start near 1.
INTENSITY_SCALE = 100.0


class Signatures(NamedTuple):
    """attack (N, A) and victim (N, V) logits; intensities (N, A), one an attack, and intensity (N,), that of the
    likeliest attack, both in label units / 100; the embeddings (N, Da) and (N, Dv) that the heads read. All float32."""

    attack: torch.Tensor
    victim: torch.Tensor
    intensity: torch.Tensor
    intensities: torch.Tensor
    attack_embedding: torch.Tensor
    victim_embedding: torch.Tensor


class Mtaa(nn.Module):
    """Global shared layers, two task-specific branches, high-low fusion, two classifiers and the mixed regression.

    `attacks` and `victims` are the numbers of classes, the clean class included where there is one; `channels` those
    of the images. `centre` and `spread` (A,) are what `fit_scale` has set: the scale of each attack's intensities.
    """

    centre: torch.Tensor
    spread: torch.Tensor

    def __init__(self, config: NetworkConfig, attacks: int, victims: int, channels: int, side: int):
        super().__init__()
        self.config = config
        self.shared = BACKBONES[config.backbone](config)
        self.attack_branch = self.shared.branch()
        self.victim_branch = self.shared.branch() if config.branches else None
        self.extractor = PerturbationExtractor(config) if config.extractor else None
        self.statistics = Statistics(dropout=config.dropout) if config.statistics else None
        pooled, middle = 2 * self.shared.channels, 2 * self.shared.taps["layer3"].channels
        extracted = self.extractor.outputs if self.extractor else 0
        low = 2 * self.shared.taps["layer1"].channels if config.fusion else 0
        counted = self.statistics.outputs if self.statistics else 0
        victim_width = pooled + middle + extracted
        attack_width = pooled + low + counted + extracted
        self.attack_head = nn.Linear(attack_width, attacks)
        self.victim_head = nn.Sequential(nn.Dropout(config.dropout), nn.Linear(victim_width, victims))
        self.intensity_head = nn.Linear(attack_width + attacks, attacks if config.regression == "per_attack" else 1)
        self.register_buffer("centre", torch.zeros(attacks))
        self.register_buffer("spread", torch.ones(attacks))
        self._materialise(channels, side)

    def fit_scale(self, attack: torch.Tensor, intensity: torch.Tensor, places: Iterable[int] | None = None) -> None:
        """Set each attack's scale, or that of the attacks `places` alone, from the training labels, attack (N,) and
        intensity (N,) in label units.

        Only with a line an attack: ε spans 190 grey levels and κ a dozen logits, and on one scale the loss would all
        but ignore κ. An attack with one intensity only keeps a spread of 1.
        """
        if self.config.regression != "per_attack":
            return
        for place in range(len(self.centre)) if places is None else places:
            mine = intensity[attack == place] / INTENSITY_SCALE
            if len(mine) and mine.std(correction=0) > 0:
                self.centre[place], self.spread[place] = mine.mean(), mine.std(correction=0)

    def _materialise(self, channels: int, side: int) -> None:
        mode = self.training
        self.eval()
        with torch.no_grad():
            self(torch.zeros(2, channels, side, side))
        self.train(mode)

    def forward(self, images: torch.Tensor) -> Signatures:
        """Signatures of images (N, C, H, W) in [0, 1], as rounded to 8 bits."""
        return self.read(*self.embed(images))

    def embed(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """What the heads read of images (N, C, H, W) in [0, 1]: (N, Da) and (N, Dv) float32."""
        found = self.shared(images.contiguous(memory_format=torch.channels_last))
        extracted = [self.extractor(images)] if self.extractor else []
        high = self.attack_branch(found["layer3"])
        other = self.victim_branch(found["layer3"]) if self.victim_branch is not None else high
        low = [pool(found["layer1"])] if self.config.fusion else []
        counted = [self.statistics(images)] if self.statistics else []
        attack_embedding = torch.cat([part.float() for part in (pool(high), *low, *counted, *extracted)], 1)
        victim_embedding = torch.cat([part.float() for part in (pool(other), pool(found["layer3"]), *extracted)], 1)
        return attack_embedding, victim_embedding

    def read(self, attack_embedding: torch.Tensor, victim_embedding: torch.Tensor) -> Signatures:
        """What the heads make of embeddings (N, Da) and (N, Dv)."""
        attack = self.attack_head(attack_embedding).float()
        regressed = self.intensity_head(torch.cat([attack_embedding, attack], 1)).float().expand_as(attack)
        intensities = self.centre + self.spread * regressed
        # Not weighted by probability: between an ε and a κ there is no mean.
        intensity = intensities.gather(1, attack.argmax(1, keepdim=True)).squeeze(1)
        victim = self.victim_head(victim_embedding).float()
        return Signatures(attack, victim, intensity, intensities, attack_embedding, victim_embedding)


def pool(features: torch.Tensor) -> torch.Tensor:
    """Mean and maximum by channel: (N, C, h, w) to (N, 2 C). The mean alone loses how strong the strongest is."""
    return torch.cat([features.mean((2, 3)), features.amax((2, 3))], 1)
