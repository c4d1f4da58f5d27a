"""A network's raw outputs on many images."""

from dataclasses import dataclass, field

import numpy as np
import torch

from mtaa.core import device as devices
from mtaa.models.network import INTENSITY_SCALE, Mtaa

BATCH = 256


@dataclass(frozen=True)
class Predictions:
    """attack_logits (n, A), victim_logits (n, V) and intensity (n,), in its attack's unit; all float32.

    intensities (n, A) are those of each attack, were it the right one; intensity is that of the likeliest. Where they
    were asked for, attack_embedding (n, Da) and victim_embedding (n, Dv), which the heads read; else empty.
    """

    attack_logits: np.ndarray
    victim_logits: np.ndarray
    intensity: np.ndarray
    intensities: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.float32))
    attack_embedding: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.float32))
    victim_embedding: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.float32))

    @property
    def attack(self) -> np.ndarray:
        """Likeliest attack (n,) int64."""
        return self.attack_logits.argmax(1)

    @property
    def victim(self) -> np.ndarray:
        """Likeliest victim (n,) int64."""
        return self.victim_logits.argmax(1)


def predict(network: Mtaa, images: np.ndarray, device: torch.device, embeddings: bool = False) -> Predictions:
    """Outputs in full precision for `images` (n, C, H, W) uint8, which may be a memory map; n is at least 1."""
    parts: list[list[np.ndarray]] = []
    network = network.to(device).eval()
    for start in range(0, len(images), BATCH):
        chunk = torch.from_numpy(np.array(images[start : start + BATCH])).to(device).float() / 255
        with torch.inference_mode(), devices.for_few(len(chunk), device):
            found = network(chunk)
        told = [found.attack, found.victim, found.intensity * INTENSITY_SCALE, found.intensities * INTENSITY_SCALE]
        told += [found.attack_embedding, found.victim_embedding] if embeddings else []
        parts.append([one.cpu().numpy() for one in told])
    return Predictions(*(np.concatenate(column) for column in zip(*parts, strict=True)))
