from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image

from mtaa.core import paths
from mtaa.core.errors import InputError, IntegrityError
from mtaa.images import open_source
from mtaa.scenario import ImagesSpec, Scenario, load
from mtaa.victims import ARCHITECTURES, Victim, read_card, victim_id
from mtaa.victims import load as load_victim
from mtaa.victims.quantise import pack, unpack
from mtaa.victims.train import train


def test_quantising_what_was_quantised_changes_nothing() -> None:
    torch.manual_seed(0)
    state = ARCHITECTURES["tiny_a"].build(10, 28, False).state_dict()
    once = unpack(pack(state))
    twice = unpack(pack(once))
    assert once.keys() == state.keys()
    for name in state:
        torch.testing.assert_close(once[name], twice[name], rtol=1e-6, atol=0)
        step = state[name].float().abs().max() / 127
        assert (once[name].float() - state[name].float()).abs().max() <= step / 2 + 1e-7


def test_what_ships_is_what_was_measured(trained: Scenario) -> None:
    card = read_card(trained.images, "tiny_a")
    low, high = card.accuracy_interval
    assert low < card.accuracy < high
    assert card.accuracy > 0.9
    assert card.weights_sha256


def test_changed_weights_are_refused(trained: Scenario) -> None:
    path = paths.victims() / victim_id(trained.images, "tiny_b") / "model.safetensors"
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(IntegrityError, match="another hash"):
            load_victim(trained.images, "tiny_b")
    finally:
        path.write_bytes(whole)


def test_missing_victim_says_what_to_run(workshop: Path) -> None:
    with pytest.raises(InputError, match="run: mtaa victims train"):
        load_victim(load("mnist-paper").images, "vgg19")


@pytest.mark.parametrize("name", ARCHITECTURES.names())
def test_gradients_reach_the_pixels(name: str) -> None:
    architecture = ARCHITECTURES[name]
    victim = Victim(architecture.build(10, architecture.side(28), False), architecture.side(28), [0.1], [0.3]).eval()
    images = torch.rand(2, 1, 28, 28, requires_grad=True)
    logits = victim(images)
    assert logits.shape == (2, 10)
    logits[:, 0].sum().backward()
    assert images.grad is not None
    assert images.grad.abs().sum() > 0


def test_geometry_follows_the_size_of_the_images() -> None:
    assert ARCHITECTURES["inception_v3"].side(28) == 75
    assert ARCHITECTURES["inception_v3"].side(224) == 299
    assert ARCHITECTURES["vgg16"].side(28) == 32


def test_pretrained_victims_need_imagenets_classes(smoke: Scenario) -> None:
    with pytest.raises(InputError, match="got 1 channels and 10 classes; train the victims instead"):
        train(open_source(smoke.images), "resnet18", pretrained=True)


def test_victims_of_photographs_are_stored_and_read_back(
    workshop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ImageNet's geometry and 1,000 classes, with random weights where torchvision's would be."""
    for name in range(1000):
        (tmp_path / f"n{name:04d}").mkdir()
    for name in range(40):
        pixels = np.random.default_rng(name).integers(0, 256, (60, 70, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"n{name:04d}" / "a.png")
    monkeypatch.setattr(torchvision.models, "get_model", _without_weights(torchvision.models.get_model))
    spec = ImagesSpec(source="folder", folder=str(tmp_path), channels=3, side=224)
    card = train(open_source(spec), "resnet18", pretrained=True)
    assert (card.side, card.mean, len(card.classes)) == (224, pytest.approx([0.485, 0.456, 0.406]), 1000)
    victim = load_victim(spec, "resnet18")
    assert victim(torch.rand(1, 3, 224, 224)).shape == (1, 1000)


def _without_weights(build: Callable[..., torch.nn.Module]) -> Callable[..., torch.nn.Module]:
    def bare(name: str, weights: object = None, **options: object) -> torch.nn.Module:
        return build(name, weights=None, **options)

    return bare
