"""What the network makes of images before its heads decide, and what the heads then say."""

from dataclasses import dataclass

import numpy as np
import torch

from mtaa.core.progress import Progress, Silent
from mtaa.models.network import INTENSITY_SCALE, Mtaa

BATCH = 256


@dataclass(frozen=True)
class Embedded:
    """attack_embedding (n, Da) and victim_embedding (n, Dv) float32, that the heads read; said_attack, said_victim (n,)
    int16, the likeliest; said_intensity (n,) float32, in its attack's unit."""

    attack_embedding: np.ndarray
    victim_embedding: np.ndarray
    said_attack: np.ndarray
    said_victim: np.ndarray
    said_intensity: np.ndarray


def embed(network: Mtaa, images: np.ndarray, device: torch.device, progress: Progress | None = None) -> Embedded:
    """Embeddings in full precision of `images` (n, C, H, W) uint8, which may be a memory map; n is at least 1."""
    listener = progress or Silent()
    listener.start("Embedding", len(images), "images")
    network = network.to(device).eval()
    parts: list[tuple[np.ndarray, ...]] = []
    for start in range(0, len(images), BATCH):
        listener.raise_if_cancelled()
        chunk = torch.from_numpy(np.array(images[start : start + BATCH])).to(device).float() / 255
        with torch.inference_mode():
            found = network(chunk)
        parts.append(
            (
                found.attack_embedding.cpu().numpy(),
                found.victim_embedding.cpu().numpy(),
                found.attack.argmax(1).cpu().numpy().astype(np.int16),
                found.victim.argmax(1).cpu().numpy().astype(np.int16),
                (found.intensity * INTENSITY_SCALE).cpu().numpy(),
            )
        )
        listener.advance(len(chunk))
    listener.finish()
    return Embedded(*(np.concatenate(column) for column in zip(*parts, strict=True)))
