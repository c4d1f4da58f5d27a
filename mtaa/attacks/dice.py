"""Random numbers that belong to an image, wherever in whichever batch it is."""

import hashlib
from collections.abc import Iterator

import torch

from mtaa.attacks.base import Task
from mtaa.attacks.outcome import round_to_bytes
from mtaa.core import seeds


def rolls(task: Task, count: int) -> torch.Tensor:
    """Uniform numbers in [0, 1) (N, count), float32, on the images' device.

    Each image's own follow from its seed in the task and its bytes. Numbers drawn for the batch as a whole would
    depend on the image's place in it. The same image twice gets the same numbers twice.
    """
    drawn = torch.empty(len(task.images), count)
    for row, seed in zip(drawn, image_seeds(task), strict=True):
        torch.rand(count, generator=torch.Generator().manual_seed(seed), out=row)
    return drawn.to(task.images.device)


def image_seeds(task: Task) -> Iterator[int]:
    """A seed for each image, from the task's for it and the image's bytes."""
    for image, seed in zip(round_to_bytes(task.images).cpu(), task.seeds, strict=True):
        digest = hashlib.sha256(image.numpy().tobytes()).hexdigest()
        yield seeds.derive(seed, digest)
