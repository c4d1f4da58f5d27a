"""Whether a GPU computes a victim's gradient: held against the processor's, in each layout of memory until one holds.

PyTorch 2.11 on an H200 gave InceptionV3, channels-last, another gradient than its own. Nothing failed, and the attacks
went on; their examples were others.
"""

import copy
from collections.abc import Callable

import torch

from mtaa.core.device import Precision
from mtaa.core.errors import MtaaError
from mtaa.victims.model import Victim

Gradient = Callable[[torch.Tensor, Callable[[torch.Tensor], torch.Tensor]], tuple[torch.Tensor, torch.Tensor]]
"""`Oracle.gradient`."""

# A processor's quickened float32 is ten times nearer for the bundled victims; bfloat16 keeps 8 bits a product.
TOLERANCE: dict[Precision, float] = {"float32": 0.01, "bfloat16": 0.25}
LAYOUTS = (torch.channels_last, torch.contiguous_format)
IMAGES = 2
CPU = torch.device("cpu")


def laid_out(victim: Victim, layout: torch.memory_format) -> Victim:
    """As `Module.to` does it, which stumbles over tensors of five dimensions; converted graphs have some."""
    for tensor in (*victim.parameters(), *victim.buffers()):
        if tensor.dim() == 4:
            tensor.data = tensor.data.contiguous(memory_format=layout)
    return victim


def settle(prepared: Victim, gradient: Gradient, own: Victim, precision: Precision) -> None:
    """Lay `prepared` out so that `gradient`, which computes with it, gives what its victim's `own` does in float32.

    Raises `MtaaError` where it does in no layout.
    """
    found, place = [], next(prepared.parameters()).device
    for layout in LAYOUTS:
        laid_out(prepared, layout)
        found.append(disagreement(gradient, own, place))
        if found[-1] <= TOLERANCE[precision]:
            return
    raise MtaaError(
        f"a victim's gradient must be the one the processor computes, got one that is off by {min(found):.0%} of its "
        "length on this device; use --device cpu"
    )


def disagreement(gradient: Gradient, own: Victim, place: torch.device = CPU) -> float:
    """The largest difference of `gradient`, computed at `place`, and `own`'s at noise, as a share of the latter."""
    dice = torch.Generator().manual_seed(0)
    images = torch.rand(IMAGES, own.channels, own.side, own.side, generator=dice)

    def objective(logits: torch.Tensor) -> torch.Tensor:
        weights = torch.randn(logits.shape, generator=torch.Generator().manual_seed(1))
        return (logits.float() * weights.to(logits.device)).sum(1)

    _, found = gradient(images.to(place), objective)
    plain = copy.deepcopy(own).cpu().eval()
    pixels = images.requires_grad_(True)
    with torch.enable_grad():
        (right,) = torch.autograd.grad(objective(plain(pixels)).sum(), pixels)
    off = (found.cpu().float() - right).flatten(1).norm(dim=1) / right.flatten(1).norm(dim=1)
    return float(off.max())
