"""Which device computes, and in which precision."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import torch

Precision = Literal["float32", "bfloat16"]
FEW = 8  # images


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


def exact(device: "torch.device") -> AbstractContextManager[None]:
    """In it, convolutions of float32 on a GPU are float32, where PyTorch would take TF32 with its 10 bits, and the same
    each time."""
    import torch

    if device.type != "cuda":
        return nullcontext()
    return torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False)


@contextmanager
def for_few(count: int, device: "torch.device") -> Iterator[None]:
    """In it, a CPU computes with one thread where there are few images: to wake the others takes longer than they save,
    and now and then ten times as long. For the whole process, so that what goes on beside it is slowed, not wrong."""
    import torch

    before = torch.get_num_threads()
    if device.type != "cpu" or count >= FEW or before == 1:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def has_bfloat16(device: "torch.device") -> bool:
    """Whether the device computes in bfloat16 itself. A CPU without AVX-512 emulates it, some fifty times slower."""
    import torch

    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.backends.mkldnn.is_available() and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def fastest(device: "torch.device") -> Precision:
    """bfloat16 where the device has it, else float32: for work whose result does not hang on the last digits."""
    return "bfloat16" if has_bfloat16(device) else "float32"
