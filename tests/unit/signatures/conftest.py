"""A made-up checkpoint with a test split and an atlas."""

from pathlib import Path

import pytest
import torch

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card, Geometry
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import export
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.models.store import save_network
from mtaa.signatures import store
from mtaa.signatures.atlas import Atlas
from mtaa.signatures.build import build
from mtaa.signatures.embed import Embedded
from tests.made_up_card import made_up_card
from tests.signature_sets import QUICK, install, made_up

CARD = made_up_card(
    8,
    attacks=["fgsm", "cw", "clean"],
    victims=["vgg16", "resnet18", "none"],
    symbols={"fgsm": "ε", "cw": "κ"},
    intensity_grids={"fgsm": (10, 200), "cw": (2, 16)},
)


CONFIG = NetworkConfig(backbone="forensic", widths=(6, 8, 8, 8), tap="layer2", statistics=True, dropout=0.3)
SMALL = CARD.model_copy(
    update={"images": Geometry(source="mnist", channels=1, side=16), "network": CONFIG.model_dump(mode="json")}
)


@pytest.fixture(scope="session")
def material() -> tuple[Examples, Embedded]:
    """Eighty examples in five clusters."""
    return made_up(CARD)


@pytest.fixture
def mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    """The card of a checkpoint that has its atlas on disk."""
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path))
    folder = tmp_path / CARD.name
    folder.mkdir()
    (folder / cards.CARD).write_text(CARD.model_dump_json(), encoding="utf-8")
    return install(CARD, folder)


@pytest.fixture
def atlas(mapped: Card) -> Atlas:
    """Its atlas as read."""
    return store.read(mapped)


@pytest.fixture
def network() -> Mtaa:
    torch.manual_seed(2)
    return Mtaa(CONFIG, attacks=3, victims=3, channels=1, side=16).eval()


@pytest.fixture
def checkpoint(network: Mtaa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Card, Examples]:
    """A checkpoint with its atlas, and its examples."""
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path))
    folder, (examples, _) = tmp_path / SMALL.name, made_up(SMALL)
    folder.mkdir()
    save_network(network, folder / cards.WEIGHTS)
    export(examples, SMALL.attacks, SMALL.victims, folder / cards.TEST_SPLIT)
    hashes = {
        "weights_sha256": files.sha256_file(folder / cards.WEIGHTS),
        "test_sha256": files.sha256_file(folder / cards.TEST_SPLIT),
    }
    files.write_json(folder / cards.CARD, SMALL.model_copy(update=hashes).model_dump(mode="json"))
    card, atlas = build(SMALL.name, ["tsne"], QUICK, "cpu")
    return store.write(atlas, card), examples
