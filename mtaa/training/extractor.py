"""Fitting the perturbation extractor by eq. 4, before the attribution network."""

import torch

from mtaa.core.progress import Progress
from mtaa.dataset.examples import Examples
from mtaa.models.perturbation import PerturbationExtractor
from mtaa.training import ranks
from mtaa.training.config import TrainingConfig
from mtaa.training.data import batch_of, loader


def fit_extractor(
    extractor: PerturbationExtractor, train: Examples, config: TrainingConfig, device: torch.device, progress: Progress
) -> list[float]:
    """Fit the auto-encoder on (clean, adversarial) pairs, freeze it, and return the mean loss of each epoch."""
    extractor.to(device).train()
    optimiser = torch.optim.Adam(extractor.autoencoder.parameters(), config.learning_rate)
    curve = []
    for epoch in range(config.extractor_epochs):
        size = batch_of(len(train), config.batch)
        batches = loader(train, size, config.seed + epoch, pairs=True, place=ranks.here())
        progress.start(f"extractor, epoch {epoch + 1} of {config.extractor_epochs}", len(batches), "batches")
        total = 0.0
        for batch in batches:
            progress.raise_if_cancelled()
            adversarial, clean = (batch[name].to(device).float() / 255 for name in ("images", "clean"))
            loss = extractor.loss(adversarial, clean)
            optimiser.zero_grad()
            loss.backward()
            ranks.share_gradients(extractor.autoencoder.parameters())
            optimiser.step()
            total += loss.item()
            progress.advance(message=f"loss {loss.item():.4f}")
        progress.finish()
        curve.append(ranks.summed({"loss": total})["loss"] / ranks.here().world / len(batches))
    extractor.eval().requires_grad_(False)
    return curve
