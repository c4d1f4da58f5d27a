"""How far two images are apart inside the network, block by block (Fig. 6)."""

import torch
from torch.nn import functional as F

from mtaa.explain.findings import BlockDifference, Extracted
from mtaa.models.backbones import TAPS
from mtaa.models.network import Mtaa


def block_names(network: Mtaa) -> list[str]:
    """The shared blocks from the image on, then the last stage of each branch."""
    return [*TAPS, "attack_branch", *(["victim_branch"] if network.victim_branch is not None else [])]


def differences(network: Mtaa, suspicious: torch.Tensor, original: torch.Tensor) -> list[BlockDifference]:
    """Differences by block between two images (1, C, H, W) in [0, 1]."""
    with torch.inference_mode():
        images = torch.cat([suspicious, original]).contiguous(memory_format=torch.channels_last)
        found = dict(network.shared(images))
        found["attack_branch"] = network.attack_branch(found["layer3"])
        if network.victim_branch is not None:
            found["victim_branch"] = network.victim_branch(found["layer3"])
    return [_block(name, found[name]) for name in block_names(network)]


def extracted(network: Mtaa, suspicious: torch.Tensor, original: torch.Tensor | None) -> Extracted | None:
    """G(R(fm')) of an image (1, C, H, W): the perturbation extractor's estimate (eq. 4) of fm' − fm on its tap.

    `original` is the clean image where it is known. None where the network has no extractor.
    """
    extractor = network.extractor
    if extractor is None:
        return None
    with torch.inference_mode():
        changed = extractor.feature_map(suspicious)
        estimate = extractor.autoencoder(changed)
        true = (
            None if original is None else _block(extractor.tap, torch.cat([changed, extractor.feature_map(original)]))
        )
    return Extracted(_block(extractor.tap, torch.cat([estimate, torch.zeros_like(estimate)])), true)


def _block(name: str, pair: torch.Tensor) -> BlockDifference:
    changed, clean = pair.float().split(1)
    return BlockDifference(
        name=name,
        difference=(changed - clean)[0].cpu().numpy(),
        mse=float(F.mse_loss(changed, clean)),
        mae=float(F.l1_loss(changed, clean)),
    )
