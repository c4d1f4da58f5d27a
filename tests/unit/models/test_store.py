from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Calibration, Card, Geometry, IntensityCalibration
from mtaa.core.errors import IntegrityError
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network, save_network

CONFIG = NetworkConfig(backbone="forensic", widths=(6, 8, 8, 8), tap="layer2", statistics=True, dropout=0.3)


def images() -> torch.Tensor:
    return torch.randint(0, 256, (4, 3, 16, 16), generator=torch.Generator().manual_seed(0)) / 255


@pytest.fixture
def kept(workshop: Path) -> Iterator[tuple[Mtaa, Card]]:
    """A network that has seen some batches, so that its running means are its own, and its checkpoint."""
    torch.manual_seed(1)
    network = Mtaa(CONFIG, attacks=3, victims=2, channels=3, side=16).train()
    network(images())
    path = workshop / "checkpoints" / "kept" / cards.WEIGHTS
    path.parent.mkdir(parents=True, exist_ok=True)
    save_network(network, path)
    fitted = IntensityCalibration(level=0.9, low={}, high={})
    card = Card.model_construct(
        name="kept",
        images=Geometry(source="digits", channels=3, side=16),
        attacks=["fgsm", "pgd", "cw"],
        victims=["tiny_a", "tiny_b"],
        network=CONFIG.model_dump(mode="json"),
        calibration=Calibration(attack_temperature=1, victim_temperature=1, intensity=fitted),
        weights_sha256=files.sha256_file(path),
    )
    files.write_json(path.parent / cards.CARD, {"name": "kept"})
    yield network, card
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()


def test_what_is_read_answers_as_what_was_written(kept: tuple[Mtaa, Card]) -> None:
    network, card = kept
    network.eval()
    read = load_network(card)
    with torch.no_grad():
        for got, expected in zip(read(images()), network(images()), strict=True):
            torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-5)
    for name, value in read.state_dict().items():
        assert torch.equal(value, network.state_dict()[name]), name


def test_what_is_read_is_for_judging_only(kept: tuple[Mtaa, Card]) -> None:
    read = load_network(kept[1])
    assert not any(part.training for part in read.modules())
    assert not any(weight.requires_grad for weight in read.parameters())


def test_the_file_holds_every_number_once(kept: tuple[Mtaa, Card]) -> None:
    network, card = kept
    with safe_open(cards.folder(card.name) / cards.WEIGHTS, "pt") as file:
        assert set(file.keys()) == set(network.state_dict())


def test_another_file_is_refused(kept: tuple[Mtaa, Card]) -> None:
    network, card = kept
    with torch.no_grad():
        network.attack_head.bias += 1
    save_network(network, cards.folder(card.name) / cards.WEIGHTS)
    with pytest.raises(IntegrityError, match="another hash"):
        load_network(card)
