"""What a network costs: parameters and floating-point operations."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from mtaa.models.network import Mtaa


def parameters(network: Mtaa) -> int:
    """How many numbers the network holds, frozen ones included."""
    return sum(weight.numel() for weight in network.parameters())


def flops(network: Mtaa, channels: int, side: int) -> int:
    """Floating-point operations (a multiply-add counts two) of one forward pass of one image."""
    network = network.eval()
    place = next(network.parameters()).device
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, channels, side, side, device=place))
    return int(counter.get_total_flops())
