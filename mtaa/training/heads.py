"""Fitting the heads alone, on embeddings that the frozen network makes of each example once."""

import numpy as np
import torch
from torch import nn

from mtaa.core import seeds
from mtaa.core.progress import Progress
from mtaa.dataset.examples import Examples
from mtaa.models.network import Mtaa
from mtaa.training.config import Growing, TrainingConfig
from mtaa.training.losses import Targets, task_losses

BATCH = 256
Embedded = tuple[torch.Tensor, torch.Tensor]
"""What the heads read of n images: (n, Da) and (n, Dv) float32, on the CPU."""


def fit_heads(
    network: Mtaa,
    train: Examples,
    embedded: Embedded,
    config: Growing,
    kind: TrainingConfig,
    device: torch.device,
    progress: Progress,
) -> None:
    """Train the three heads of `network` by Adam on the labels of `train` and its images' `embedded`; all else of it
    stays as it is.

    `kind` says which loss the intensity has. The network ends on `device`, in training mode.
    """
    network.to(device).eval()
    heads = nn.ModuleList([network.attack_head, network.victim_head, network.intensity_head]).train()
    labels = [torch.from_numpy(getattr(train, name)) for name in ("attack", "victim", "intensity")]
    chances = torch.from_numpy(chance(train))
    optimiser = torch.optim.Adam(heads.parameters(), config.head_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, config.head_steps)
    dice = torch.Generator().manual_seed(seeds.derive("heads", config.seed))
    torch.manual_seed(seeds.derive("heads", config.seed))
    progress.start("heads", config.head_steps, "steps")
    for _ in range(config.head_steps):
        progress.raise_if_cancelled()
        chosen = torch.multinomial(chances, BATCH, replacement=True, generator=dice)
        signatures = network.read(*(part[chosen].to(device) for part in embedded))
        targets = Targets(*(label[chosen].to(device) for label in labels))
        losses = task_losses(signatures, targets, kind.intensity_loss, network.spread)
        optimiser.zero_grad()
        losses.sum().backward()
        optimiser.step()
        schedule.step()
        progress.advance(message=f"loss {losses.sum().item():.3f}")
    progress.finish()
    network.train()
    if network.extractor is not None:
        network.extractor.eval()


def chance(examples: Examples) -> np.ndarray:
    """How likely each example (n,) is to be drawn where all attacks are alike, and within an attack all its victims."""
    cells, place, counts = np.unique(
        np.stack([examples.attack, examples.victim]), axis=1, return_inverse=True, return_counts=True
    )
    attacks, victims = np.unique(cells[0], return_counts=True)
    of_cell = 1 / counts / victims[np.searchsorted(attacks, cells[0])] / len(attacks)
    found: np.ndarray = of_cell[place.reshape(-1)]
    return found


def embed(network: Mtaa, images: np.ndarray, device: torch.device, progress: Progress) -> Embedded:
    """What the heads of `network`, left in evaluation mode, read of images (n, C, H, W) uint8."""
    network.to(device).eval()
    parts = []
    progress.start("embeddings", len(images), "images")
    for start in range(0, len(images), BATCH):
        progress.raise_if_cancelled()
        chunk = torch.from_numpy(np.array(images[start : start + BATCH])).to(device).float() / 255
        with torch.no_grad():
            parts.append([part.cpu() for part in network.embed(chunk)])
        progress.advance(len(chunk))
    progress.finish()
    attack, victim = zip(*parts, strict=True)
    return torch.cat(attack), torch.cat(victim)
