"""What the references share: a small victim, with images it classifies correctly."""

import copy

import pytest
import torch

from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.victims import Victim, load


@pytest.fixture(scope="module")
def batch(trained: Scenario) -> tuple[Victim, torch.Tensor, torch.Tensor]:
    """The victim, images (N, 1, 28, 28) in [0, 1], labels (N,)."""
    source, victim = open_source(trained.images), load(trained.images, "tiny_a")
    chosen = source.indices("test")[:60]
    images, labels = torch.from_numpy(source.pixels(chosen)) / 255, torch.from_numpy(source.labels(chosen))
    right = victim(images).argmax(1) == labels
    return victim, images[right], labels[right]


@pytest.fixture(scope="module")
def exact(batch: tuple[Victim, torch.Tensor, torch.Tensor]) -> tuple[Victim, torch.Tensor, torch.Tensor]:
    """The same in float64, where no sign of a gradient hangs on how a processor's kernels round.

    In float32 two right implementations part at the first such sign, and an iterated attack never comes back.
    """
    victim, images, labels = batch
    return copy.deepcopy(victim).double(), images.double(), labels
