"""Victims on disk: a folder each, with weights as safetensors or ONNX and a card that says what they are."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from safetensors.torch import load_file, save_file
from torch import nn

from mtaa.core import files, paths
from mtaa.core.errors import InputError, IntegrityError, UnknownNameError
from mtaa.scenario.record import ImagesSpec
from mtaa.victims import onnx_network, weights
from mtaa.victims.architectures import ARCHITECTURES
from mtaa.victims.model import Victim
from mtaa.victims.quantise import pack, unpack

Form = Literal["quantised", "weights", "onnx"]
FILES: dict[Form, str] = {"quantised": "model.safetensors", "weights": "model.safetensors", "onnx": "model.onnx"}
CARD = "card.json"
OWN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")  # part of the names of folders and shards, in which - divides


class VictimCard(BaseModel):
    """What a victim is and how good it is. `reachable_margin` is the C&W margin that 95 % of images reach.

    A model that somebody brought has a `name` of its own, and its file is kept as it came: `form` says whether as
    weights of the architecture or as ONNX. `channels` are the network's; grey images are repeated for it.
    """

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
    name: str = ""
    form: Form = "quantised"
    channels: int = 3

    @property
    def called(self) -> str:
        """Its name in scenarios."""
        return self.name or self.architecture


def victim_id(images: ImagesSpec, name: str) -> str:
    """The folder of a victim: its data set, and its architecture or own name."""
    data = Path(images.folder or "folder").name if images.source == "folder" else images.source
    return f"{data}-{name}"


def folder(images: ImagesSpec, name: str) -> Path:
    """Where a victim is stored."""
    return paths.victims() / victim_id(images, name)


def save(card: VictimCard, victim: Victim) -> Path:
    """Write weights and card, the card last, so that a folder with a card is whole."""
    target = folder(card.images, card.called)
    with files.atomic(target / FILES["quantised"]) as temporary:
        save_file(pack(victim.network.state_dict()), temporary)
    card.weights_sha256 = files.sha256_file(target / FILES["quantised"])
    write_card(card)
    return target


def keep(card: VictimCard, data: bytes) -> None:
    """Give a model that somebody brought its folder, with its file as it is. Raises `InputError` where it has one."""
    target = folder(card.images, card.called)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        draft.chmod(0o755)
        with files.atomic(draft / FILES[card.form]) as temporary:
            temporary.write_bytes(data)
        card.weights_sha256 = files.sha256_bytes(data)
        files.write_json(draft / CARD, card.model_dump(mode="json"))
        draft.rename(target)
    except OSError as error:
        if not target.exists():
            raise
        raise InputError(f"name must be new, got {card.called}; choose another") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_card(card: VictimCard) -> None:
    """Write the card alone, when more has been measured."""
    files.write_json(folder(card.images, card.called) / CARD, card.model_dump(mode="json"))


def own_names(images: ImagesSpec) -> list[str]:
    """Names of the models that somebody brought for images of this source and size."""
    return [card.name for card in own_cards() if _same(card.images, images)]


def own_cards() -> list[VictimCard]:
    """Cards of the models that somebody brought."""
    documents = (files.read_json(path) for path in sorted(paths.victims().glob(f"[!.]*/{CARD}")))
    return [VictimCard.model_validate(document) for document in documents if document.get("name")]


def check_name(images: ImagesSpec, name: str) -> None:
    """Raises `UnknownNameError` unless a scenario on these images may name this victim."""
    if name not in ARCHITECTURES and not is_own(images, name):
        raise UnknownNameError("victim", name, [*ARCHITECTURES.names(), *own_names(images)])


def side(images: ImagesSpec, name: str) -> int | None:
    """The side (pixels) a victim computes at; None for a model that somebody brought elsewhere."""
    if name in ARCHITECTURES:
        return ARCHITECTURES[name].side(images.side)
    return read_card(images, name).side if is_own(images, name) else None


def read_card(images: ImagesSpec, name: str) -> VictimCard:
    """The card of a stored victim. Raises `InputError` where there is none."""
    check_name(images, name)
    path = folder(images, name) / CARD
    if not path.is_file():
        raise InputError(f"victim {victim_id(images, name)} must be trained first; run: mtaa victims train")
    return VictimCard.model_validate(files.read_json(path))


def load(images: ImagesSpec, name: str) -> Victim:
    """The stored victim in evaluation mode, its hash checked. Raises `InputError` or `IntegrityError`."""
    card = read_card(images, name)
    path = folder(images, name) / FILES[card.form]
    if files.sha256_file(path) != card.weights_sha256:
        raise IntegrityError(f"{path.parent.name}/{path.name} has another hash than its card says; restore it")
    return Victim(_network(card, path), card.side, card.mean, card.std, card.channels).eval().requires_grad_(False)


def _network(card: VictimCard, path: Path) -> nn.Module:
    if card.form == "onnx":
        return onnx_network.load(path.read_bytes())
    if card.form == "weights":
        return weights.build(card.architecture, len(card.classes), card.side, path.read_bytes())
    network = ARCHITECTURES[card.architecture].build(len(card.classes), card.side, False)
    network.load_state_dict(unpack(load_file(path)))
    return network


def is_own(images: ImagesSpec, name: str) -> bool:
    """Whether somebody brought it for images of this size; a name is only then part of a path when it can be one."""
    path = folder(images, name) / CARD
    if not OWN_NAME.fullmatch(name) or not path.is_file():
        return False
    card = VictimCard.model_validate(files.read_json(path))
    return card.name == name and _same(card.images, images)


def _same(one: ImagesSpec, other: ImagesSpec) -> bool:
    return victim_id(one, "") == victim_id(other, "") and (one.channels, one.side) == (other.channels, other.side)
