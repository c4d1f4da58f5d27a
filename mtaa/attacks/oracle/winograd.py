"""3 × 3 convolutions by Winograd's minimal filtering F(4 × 4, 3 × 3) (Lavin and Gray 2016, arXiv 1509.09308).

A tile of 4 × 4 outputs costs 36 products a pair of channels instead of 144. The transforms cost what does not grow with
the channels, so that it pays where there are many. It errs by some 1e-5 of the largest value, ten times as much as the
plain sum.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

TILE, REACH = 4, 6  # outputs, and the inputs they depend on, along a side
FEWEST = 128  # channels on both sides from which it pays
WIDEST = 8  # pixels a side up to which it pays

# For the points 0, 1, -1, 2, -2 and infinity: of the inputs, of the kernel and of the outputs.
_INPUTS = (
    (4, 0, -5, 0, 1, 0),
    (0, -4, -4, 1, 1, 0),
    (0, 4, -4, -1, 1, 0),
    (0, -2, -1, 2, 1, 0),
    (0, 2, -1, -2, 1, 0),
    (0, 4, 0, -5, 0, 1),
)
_KERNEL = ((6, 0, 0), (-4, -4, -4), (-4, 4, -4), (1, 2, 4), (1, -2, 4), (0, 0, 24))  # over 24
_OUTPUTS = ((1, 1, 1, 1, 1, 0), (0, 1, -1, 2, -2, 0), (0, 1, 1, 4, 4, 0), (0, 1, -1, 8, -8, 1))


class Winograd(nn.Module):
    """The convolution of maps (N, C, H, W), H and W multiples of 4. Its gradient at the maps is another of its kind."""

    def __init__(self, convolution: nn.Conv2d):
        super().__init__()
        weight = convolution.weight.detach()
        self.forth = nn.Parameter(_transformed(weight))
        self.back = nn.Parameter(_transformed(weight.flip(2, 3).transpose(0, 1)))
        self.bias = convolution.bias

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        convolved: torch.Tensor = _Convolve.apply(maps, self.forth, self.back)
        return convolved if self.bias is None else convolved + self.bias.view(1, -1, 1, 1)


class _Convolve(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, maps: torch.Tensor, forth: torch.Tensor, back: torch.Tensor) -> torch.Tensor:
        context.back = back
        return _filtered(maps, forth)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        return _filtered(gradient, context.back), None, None


def serves(convolution: nn.Conv2d, height: int, width: int) -> bool:
    """Whether it can take the convolution's place on maps of this size, and pays."""
    plain = (convolution.kernel_size, convolution.stride, convolution.padding) == ((3, 3), (1, 1), (1, 1))
    fits = height % TILE == width % TILE == 0 and max(height, width) <= WIDEST
    return plain and fits and min(convolution.in_channels, convolution.out_channels) >= FEWEST


def _transformed(weight: torch.Tensor) -> torch.Tensor:
    """The kernel (K, C, 3, 3) at all 36 points: (36, C, K)."""
    kernel = torch.tensor(_KERNEL, dtype=torch.float64, device=weight.device) / 24
    points = torch.einsum("ai,bj,kcij->abck", kernel, kernel, weight.double())
    return points.flatten(0, 1).float().contiguous()


def _filtered(maps: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """Maps (N, C, H, W) by a transformed kernel (36, C, K): (N, K, H, W), channels last in memory."""
    count, channels, height, width = maps.shape
    down, across = height // TILE, width // TILE
    inputs, outputs = maps.new_tensor(_INPUTS), maps.new_tensor(_OUTPUTS)
    inputs, outputs = torch.kron(inputs, inputs), torch.kron(outputs, outputs)
    padded = F.pad(maps.permute(0, 2, 3, 1), (0, 0, 1, 1, 1, 1))
    tiles = padded.unfold(1, REACH, TILE).unfold(2, REACH, TILE).permute(4, 5, 0, 1, 2, 3)
    points = inputs @ tiles.reshape(REACH * REACH, -1)
    products = torch.bmm(points.view(REACH * REACH, -1, channels), kernel)
    answers = (outputs @ products.flatten(1)).view(TILE, TILE, count, down, across, -1)
    return answers.permute(2, 3, 0, 4, 1, 5).reshape(count, height, width, -1).permute(0, 3, 1, 2)
