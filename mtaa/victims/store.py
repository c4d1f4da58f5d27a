"""Victims on disk: a folder each, with weights as safetensors and a card that says what they are."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from safetensors.torch import load_file, save_file

from mtaa.core import files, paths
from mtaa.core.errors import InputError, IntegrityError
from mtaa.scenario.record import ImagesSpec
from mtaa.victims.architectures import ARCHITECTURES
from mtaa.victims.model import Victim
from mtaa.victims.quantise import pack, unpack


class VictimCard(BaseModel):
    """What a victim is and how good it is. `reachable_margin` is the C&W margin that 95 % of images reach."""

    model_config = ConfigDict(extra="forbid")

    schema_version: int = 1
    architecture: str
    images: ImagesSpec
    classes: list[str]
    side: int
    mean: list[float]
    std: list[float]
    accuracy: float
    accuracy_interval: tuple[float, float]
    test_images: int
    training: dict[str, Any]
    reachable_margin: float | None = None
    reach: dict[str, Any] = {}
    weights_sha256: str = ""
    code_version: str


def victim_id(images: ImagesSpec, architecture: str) -> str:
    """The folder of a victim: its data set and its architecture."""
    data = Path(images.folder or "folder").name if images.source == "folder" else images.source
    return f"{data}-{architecture}"


def save(card: VictimCard, victim: Victim) -> Path:
    """Write weights and card, the card last, so that a folder with a card is whole."""
    folder = paths.victims() / victim_id(card.images, card.architecture)
    with files.atomic(folder / "model.safetensors") as temporary:
        save_file(pack(victim.network.state_dict()), temporary)
    card.weights_sha256 = files.sha256_file(folder / "model.safetensors")
    write_card(card)
    return folder


def write_card(card: VictimCard) -> None:
    """Write the card alone, when more has been measured."""
    folder = paths.victims() / victim_id(card.images, card.architecture)
    files.write_json(folder / "card.json", card.model_dump(mode="json"))


def read_card(images: ImagesSpec, architecture: str) -> VictimCard:
    """The card of a stored victim. Raises `InputError` where there is none."""
    ARCHITECTURES.entry(architecture)
    path = paths.victims() / victim_id(images, architecture) / "card.json"
    if not path.is_file():
        raise InputError(f"victim {victim_id(images, architecture)} must be trained first; run: mtaa victims train")
    return VictimCard.model_validate(files.read_json(path))


def load(images: ImagesSpec, architecture: str) -> Victim:
    """The stored victim in evaluation mode, its hash checked. Raises `InputError` or `IntegrityError`."""
    card = read_card(images, architecture)
    path = paths.victims() / victim_id(images, architecture) / "model.safetensors"
    if files.sha256_file(path) != card.weights_sha256:
        raise IntegrityError(f"{path.parent.name}/{path.name} has another hash than its card says; restore it")
    network = ARCHITECTURES[architecture].build(len(card.classes), card.side, False)
    network.load_state_dict(unpack(load_file(path)))
    return Victim(network, card.side, card.mean, card.std).eval().requires_grad_(False)
