"""Weights in 8 bits a number with one scale an output channel: a quarter of the bytes, and exact to the last digit.

The dequantised weights *are* the victim: they are what is evaluated and what is attacked, so that what ships is what
left its signature.
"""

import torch

SCALE_SUFFIX = ".scale"


def pack(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Every floating matrix or kernel as int8 beside its scale (float32, one an output channel); the rest as it is."""
    packed = {}
    for name, tensor in state.items():
        if tensor.ndim < 2 or not tensor.is_floating_point():
            packed[name] = tensor.contiguous()
            continue
        scale = tensor.detach().flatten(1).abs().amax(1).clamp_min(1e-12).float() / 127
        shaped = scale.view(-1, *[1] * (tensor.ndim - 1))
        packed[name] = torch.round(tensor.detach() / shaped).clamp(-127, 127).to(torch.int8).contiguous()
        packed[name + SCALE_SUFFIX] = scale
    return packed


def unpack(packed: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The float32 state that `pack` stands for; bit for bit the same on every machine."""
    state = {}
    for name, tensor in packed.items():
        if name.endswith(SCALE_SUFFIX):
            continue
        scale = packed.get(name + SCALE_SUFFIX)
        state[name] = tensor if scale is None else tensor.float() * scale.view(-1, *[1] * (tensor.ndim - 1))
    return state
