"""How often a victim is right on the test images of its source."""

import torch

from mtaa.core.progress import Progress, Silent
from mtaa.images import ImageSource
from mtaa.victims.model import Victim

BATCH = 256


def accuracy(victim: Victim, source: ImageSource, progress: Progress | None = None) -> tuple[int, int]:
    """Test images that are named right, and how many there are."""
    progress, indices = progress or Silent(), source.indices("test")
    correct = 0
    progress.start("test images", len(indices), "images")
    for start in range(0, len(indices), BATCH):
        progress.raise_if_cancelled()
        chunk = indices[start : start + BATCH]
        inputs = torch.from_numpy(source.pixels(chunk)).to(victim.mean.device).float().div_(255)
        with torch.inference_mode():
            predicted = victim(inputs).argmax(1).cpu().numpy()
        correct += int((predicted == source.labels(chunk)).sum())
        progress.advance(len(chunk))
    progress.finish()
    return correct, len(indices)
