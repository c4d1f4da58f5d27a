"""Features of images inside a network, one row an image, as maps are made of them."""

import numpy as np
import torch

from mtaa.core.errors import InputError
from mtaa.core.progress import Progress
from mtaa.models.network import Mtaa, pool
from mtaa.signatures import space
from mtaa.signatures.embed import BATCH
from mtaa.signatures.request import Features


def read(network: Mtaa, images: np.ndarray, features: Features, device: torch.device, progress: Progress) -> np.ndarray:
    """Points float32 (n, D) of `images` (n, C, H, W) uint8, in which a distance is a root mean square.

    Blocks are pooled to mean and maximum by channel and standardised. What the strength head reads is scaled by the
    norm of its weights instead, so that two images are far apart where their difference changes the told strength.
    Raises `InputError` where the network has no such block, or `Cancelled`.
    """
    if features == "victim_branch" and network.victim_branch is None:
        raise InputError("features must be a block of the network, got victim_branch of one with a single branch")
    network = network.to(device).eval()
    progress.start("Reading the network", len(images), "images")
    parts = []
    for start in range(0, len(images), BATCH):
        progress.raise_if_cancelled()
        chunk = torch.from_numpy(np.array(images[start : start + BATCH])).to(device).float() / 255
        with torch.inference_mode():
            parts.append(_one(network, chunk, features).float().cpu().numpy())
        progress.advance(len(chunk))
    progress.finish()
    values = np.concatenate(parts)
    if features != "intensity":
        values = space.standardise(values, *space.fit(values))
    return values / np.float32(np.sqrt(values.shape[1]))


def _one(network: Mtaa, images: torch.Tensor, features: Features) -> torch.Tensor:
    if features == "intensity":
        found = network(images)
        return torch.cat([found.attack_embedding, found.attack], 1) * network.intensity_head.weight.norm(dim=0)
    taps = network.shared(images.contiguous(memory_format=torch.channels_last))
    if features in taps:
        return pool(taps[features])
    branch = network.victim_branch if features == "victim_branch" else network.attack_branch
    assert branch is not None
    return pool(branch(taps["layer3"]))
