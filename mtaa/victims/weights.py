"""Weights that somebody brings for a known architecture: every name and shape must be the architecture's."""

from collections.abc import Iterator

import torch
import torchvision
from safetensors import SafetensorError
from safetensors.torch import load
from torch import nn

from mtaa.core.errors import UnknownNameError
from mtaa.victims.architectures import ARCHITECTURES
from mtaa.victims.refused import Refused, line

LONGEST_HEADER = 100_000_000  # bytes, what the format allows
UNCOUNTED = "num_batches_tracked"  # of batch-norm; means nothing once training is over, and some leave it out


def looks_so(data: bytes) -> bool:
    """Whether the bytes begin as safetensors do: the length of a JSON header, then the header."""
    return data[8:9] == b"{" and int.from_bytes(data[:8], "little") <= LONGEST_HEADER


def names() -> list[str]:
    """What `architecture` may be: ours, then torchvision's other classifiers."""
    known = torchvision.models.list_models(module=torchvision.models)
    return [*ARCHITECTURES.names(), *(name for name in known if name not in ARCHITECTURES)]


def build(architecture: str, classes: int, side: int, data: bytes) -> nn.Module:
    """The network with the weights of a safetensors file, as they are. Raises `Refused` where they don't fit it."""
    if architecture not in names():
        raise Refused("architecture", str(UnknownNameError("architecture", architecture, names())))
    try:
        state = load(data)
    except (SafetensorError, ValueError) as error:
        raise Refused("file", f"weights must be a whole safetensors file, got: {line(error)}") from error
    first = ""
    for network in _forms(architecture, classes, side):
        fault = _fault(network.state_dict(), state)
        if not fault:
            network.load_state_dict(state, strict=False)
            return network
        first = first or fault
    raise Refused("file", f"weights must be those of {architecture} with {classes} classes, got {first}")


def _forms(architecture: str, classes: int, side: int) -> Iterator[nn.Module]:
    """The network as we build it at that side, and as torchvision does, which may differ in its head."""
    if architecture in ARCHITECTURES:
        yield ARCHITECTURES[architecture].build(classes, side, False)
    if architecture in torchvision.models.list_models(module=torchvision.models):
        # Two of them draw their first weights so slowly that they warn of it.
        slow = {"init_weights": False} if architecture in ("googlenet", "inception_v3") else {}
        yield torchvision.models.get_model(architecture, num_classes=classes, **slow)


def _fault(wanted: dict[str, torch.Tensor], got: dict[str, torch.Tensor]) -> str:
    """The first name or shape that differs, in words; empty where none does."""
    for name in wanted:
        if name not in got and not name.endswith(UNCOUNTED):
            return f"none called {name}"
    for name, tensor in got.items():
        if name not in wanted:
            return f"{name[:80]} as well"
        if tensor.shape != wanted[name].shape:
            return f"{name} of shape {_written(tensor)} instead of {_written(wanted[name])}"
        if tensor.is_floating_point() != wanted[name].is_floating_point():
            return f"{name} as {str(tensor.dtype).removeprefix('torch.')}"
    return ""


def _written(tensor: torch.Tensor) -> str:
    return " × ".join(str(size) for size in tensor.shape) or "one number"
