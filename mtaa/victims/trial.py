"""Whether a model can be attacked on a source's images at all: its answer, its gradient, its share of right answers."""

import numpy as np
import torch

from mtaa.core.errors import InputError
from mtaa.core.progress import Progress
from mtaa.images import ImageSource
from mtaa.victims.accuracy import accuracy
from mtaa.victims.model import Victim
from mtaa.victims.refused import Refused, line

IMAGES = 8


def probe(source: ImageSource) -> torch.Tensor:
    """Some test images (n, C, side, side) in [0, 1]. Raises `InputError` where the source has none."""
    indices = source.indices("test")
    if not len(indices):
        raise InputError("images must have a test split, got none; add images")
    return torch.from_numpy(source.pixels(indices[:: max(1, len(indices) // IMAGES)][:IMAGES])).float() / 255


def check(victim: Victim, source: ImageSource) -> None:
    """Raises `Refused` unless logits and gradients are what attacks need."""
    images, classes = probe(source), len(source.classes)
    try:
        with torch.inference_mode():
            logits, again, alone = victim(images), victim(images), victim(images[:1])
    except Exception as error:  # a stranger's model may fail in any way
        size = " × ".join(str(number) for number in victim.prepared(images).shape)
        hint = "export it for any number of images, or give another side"
        raise Refused("file", f"model must take a batch of {size}, got: {line(error)}; {hint}") from error
    if logits.shape != (len(images), classes):
        got = " × ".join(str(number) for number in logits.shape)
        raise Refused("file", f"model must give {len(images)} × {classes} logits for {len(images)} images, got {got}")
    if not logits.isfinite().all():
        raise Refused("file", "logits must be finite, got others; check the weights, --mean and --std")
    if not all(torch.allclose(logits[: len(one)], one, rtol=1e-3, atol=1e-3) for one in (again, alone)):
        raise Refused("file", "model must give an image the same logits always, got others in another batch or call")
    if logits.min() >= 0 and torch.allclose(logits.sum(1), torch.ones(len(images)), atol=1e-4):
        raise Refused("file", "model must give logits, got probabilities that sum to 1; leave its softmax out")
    _check_gradient(victim, images)


def _check_gradient(victim: Victim, images: torch.Tensor) -> None:
    """Of the lead of the likeliest class over the next, which does not flatten out where the victim is sure."""
    pixels = images.clone().requires_grad_(True)
    first, second = victim(pixels).topk(2, dim=1).values.unbind(1)
    lead = (first - second).sum()
    # A graph that rounds or compares hands no gradient on, and then there may be nothing to differentiate.
    gradient = torch.autograd.grad(lead, pixels)[0] if lead.requires_grad else torch.zeros_like(pixels)
    if not gradient.isfinite().all():
        raise Refused("file", "gradient at the pixels must be finite, got others; the model can't be attacked")
    if not gradient.any():
        raise Refused(
            "file",
            "gradient at the pixels must not vanish, got zero everywhere; the model masks it and can't be attacked",
        )


def measure(victim: Victim, source: ImageSource, progress: Progress | None = None) -> tuple[int, int]:
    """Test images that are named right, and how many there are. Raises `Refused` where guessing would do as well."""
    correct, total = accuracy(victim, source, progress)
    guessing = float(np.bincount(source.labels(source.indices("test"))).max()) / total
    if correct / total <= guessing:
        raise Refused(
            "file",
            f"model must be right more often than guessing ({guessing:.1%}), got {correct / total:.1%} of "
            f"{total:,} test images; check --mean, --std and the order of the classes",
        )
    return correct, total
