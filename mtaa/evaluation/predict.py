"""A network's raw outputs on many images."""

from dataclasses import dataclass

import numpy as np
import torch

from mtaa.models.network import INTENSITY_SCALE, Mtaa

BATCH = 256


@dataclass(frozen=True)
class Predictions:
    """attack_logits (n, A), victim_logits (n, V) and intensity (n,), in its attack's unit; all float32."""

    attack_logits: np.ndarray
    victim_logits: np.ndarray
    intensity: np.ndarray

    @property
    def attack(self) -> np.ndarray:
        """Likeliest attack (n,) int64."""
        return self.attack_logits.argmax(1)

    @property
    def victim(self) -> np.ndarray:
        """Likeliest victim (n,) int64."""
        return self.victim_logits.argmax(1)


def predict(network: Mtaa, images: np.ndarray, device: torch.device) -> Predictions:
    """Outputs in full precision for `images` (n, C, H, W) uint8, which may be a memory map; n is at least 1."""
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    network = network.to(device).eval()
    for start in range(0, len(images), BATCH):
        chunk = torch.from_numpy(np.array(images[start : start + BATCH])).to(device).float() / 255
        with torch.inference_mode():
            found = network(chunk)
        strength = found.intensity * INTENSITY_SCALE
        parts.append((found.attack.cpu().numpy(), found.victim.cpu().numpy(), strength.cpu().numpy()))
    return Predictions(*(np.concatenate(column) for column in zip(*parts, strict=True)))
