"""A network's weights on disk, as safetensors, and back."""

from pathlib import Path

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.core.errors import UnknownNameError
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa

FLOAT = 4  # bytes


def save_network(network: Mtaa, path: Path) -> None:
    """Write the weights as safetensors, float32."""
    save_file({name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}, path)


def load_network(card: Card) -> Mtaa:
    """The checkpoint's network in evaluation mode, its hash checked. Raises `IntegrityError`."""
    path = cards.checked(card.name, cards.WEIGHTS, card.weights_sha256)
    config, images = NetworkConfig.model_validate(card.network), card.images
    return read_network(path, config, len(card.attacks), len(card.victims), images.channels, images.side)


def read_network(path: Path, config: NetworkConfig, attacks: int, victims: int, channels: int, side: int) -> Mtaa:
    """The network whose weights `save_network` wrote, in evaluation mode; the rest as for `Mtaa`."""
    # The weights are at hand: pretrained ones would be fetched only to be overwritten.
    network = Mtaa(config.model_copy(update={"pretrained": False}), attacks, victims, channels, side)
    network.config = config
    network.load_state_dict(load_file(path))
    return network.to(memory_format=torch.channels_last).eval().requires_grad_(False)


def network_fault(card: Card, path: Path) -> str:
    """What keeps the weights at `path` from being those of the card's network; empty where they fit."""
    try:
        config, images = NetworkConfig.model_validate(card.network), card.images
        if FLOAT * 9 * max(config.widths) ** 2 > path.stat().st_size and config.backbone == "forensic":
            return f"a layer {max(config.widths):,} wide alone has more"  # before memory for it is asked for
        settings = config.model_copy(update={"pretrained": False})
        network = Mtaa(settings, len(card.attacks), len(card.victims), images.channels, images.side)
        with safe_open(path, "pt") as stored:
            found = {name: stored.get_slice(name).get_shape() for name in stored.keys()}  # noqa: SIM118
    except SafetensorError as error:
        return f"the file can't be read ({error})"
    except (ValidationError, UnknownNameError, RuntimeError, ValueError) as error:
        return f"no such network can be made ({str(error).splitlines()[0]})"
    wanted = {name: list(tensor.shape) for name, tensor in network.state_dict().items()}
    wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    return f"{wrong[0]} has the shape {found.get(wrong[0])}, expected {wanted.get(wrong[0])}" if wrong else ""
