"""Which of a traced network's convolutions is computed another way: the same function, faster on a processor.

The rules ask for shapes alone and time nothing, so that the same victim is computed alike each time.
"""

import copy

import torch
from torch import fx, nn
from torch.fx.passes.shape_prop import ShapeProp

from mtaa.attacks.oracle import dense, stem, winograd


def quickened(network: fx.GraphModule, planes: int, side: int) -> fx.GraphModule:
    """The network for images (N, planes, side, side), with its convolutions replaced in place where that pays.

    `planes` may be 1 where the network takes several equal ones, if `one_plane` says so: what reads its input is then
    summed over them.
    """
    if planes == 1:
        for node in _readers(network):
            name = str(node.target)
            convolution = network.get_submodule(name)
            if isinstance(convolution, nn.Conv2d) and convolution.in_channels > 1:
                network.set_submodule(name, stem.on_one_plane(convolution))
    ShapeProp(network).propagate(torch.zeros(1, planes, side, side, device=next(network.parameters()).device))
    calls = [node for node in network.graph.nodes if node.op == "call_module" and node.args]
    names = [node.target for node in calls]
    for node in calls:
        convolution = network.get_submodule(node.target)
        if isinstance(convolution, nn.Conv2d) and _is_plain(convolution) and names.count(node.target) == 1:
            given, made = (one.meta["tensor_meta"].shape for one in (node.args[0], node))
            network.set_submodule(node.target, _replaced(convolution, given, made))
    return network


def one_plane(network: fx.GraphModule) -> bool:
    """Whether a grey image may be given as it is to a network that takes three equal planes."""
    readers = [
        network.get_submodule(str(node.target)) if node.op == "call_module" else None for node in _readers(network)
    ]
    return bool(readers) and all(isinstance(one, nn.Conv2d) and _is_plain(one) for one in readers)


def _readers(network: fx.GraphModule) -> list[fx.Node]:
    return list(next(node for node in network.graph.nodes if node.op == "placeholder").users)


def _is_plain(convolution: nn.Conv2d) -> bool:
    return (
        convolution.groups == 1
        and convolution.dilation == (1, 1)
        and convolution.padding_mode == "zeros"
        and isinstance(convolution.padding, tuple)
    )


def _replaced(convolution: nn.Conv2d, given: torch.Size, made: torch.Size) -> nn.Module:
    planes, height, width = given[1:]
    pixels = made[2] * made[3]
    if convolution.kernel_size == (1, 1) and convolution.padding == (0, 0) and max(convolution.stride) > 1:
        skipping, rest = dense.Every(convolution.stride), copy.copy(convolution)
        rest.stride = (1, 1)
        return nn.Sequential(skipping, _replaced(rest, torch.Size((1, planes, made[2], made[3])), made))
    if stem.serves(convolution, planes, pixels):
        return stem.Stem(convolution)
    if dense.serves(convolution, height, width, pixels):
        return dense.Dense(convolution, height, width)
    if winograd.serves(convolution, height, width):
        return winograd.Winograd(convolution)
    return convolution
