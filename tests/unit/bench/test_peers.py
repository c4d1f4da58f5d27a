"""The toolboxes that are installed, called as the benchmark calls them."""

import pytest
import torch

from mtaa.attacks import round_to_bytes
from mtaa.bench import peers as _peers  # noqa: F401  (registers the toolboxes)
from mtaa.bench.contestants import CONTESTANTS, Target
from mtaa.bench.record import Settings

SETTINGS = (
    Settings(attack="fgsm", intensity=60),
    Settings(attack="pgd", intensity=60, steps=5, step_size=20),
    Settings(attack="cw", intensity=1, steps=12, c=50, learning_rate=0.1),
)
PEERS = [entry.name for entry in CONTESTANTS if not entry.value.ours]


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_makes_images_in_range_and_steps_like_ours(
    name: str, batch: tuple[Target, torch.Tensor, torch.Tensor]
) -> None:
    target, images, labels = batch
    peer = CONTESTANTS[name]
    if not peer.installed:
        pytest.skip(f"{name} is not installed")
    for settings in SETTINGS:
        if settings.attack not in peer.attacks:
            continue
        made = peer.prepare(target, settings)(images, labels).detach()
        assert made.shape == images.shape
        assert made.min() >= 0
        assert made.max() <= 1
        if settings.attack != "cw":
            ours = CONTESTANTS["mtaa_float32"].prepare(target, settings)(images, labels)
            assert (round_to_bytes(made) == round_to_bytes(ours)).float().mean() >= 0.99
