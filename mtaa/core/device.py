"""Which device computes, and in which precision."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import torch

Precision = Literal["float32", "bfloat16"]


def pick(name: str = "auto") -> "torch.device":
    """`auto` is the first CUDA device where there is one, else the CPU."""
    import torch

    from mtaa.core.errors import InputError

    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name.startswith("cuda") and not torch.cuda.is_available():
        raise InputError(f"device must be usable here, got {name!r}; no CUDA device was found, use cpu")
    return torch.device(name)


def autocast(device: "torch.device", precision: Precision) -> AbstractContextManager[None]:
    """Mixed precision for forward passes; with `float32` it changes nothing."""
    import torch

    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16")
