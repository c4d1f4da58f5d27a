"""A network's weights on disk, as safetensors, and back."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa


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
    network = Mtaa(config, attacks, victims, channels, side)
    network.load_state_dict(load_file(path))
    return network.to(memory_format=torch.channels_last).eval().requires_grad_(False)
