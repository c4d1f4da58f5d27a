"""A convolution over a map of a few pixels as one matrix from all of its inputs to all of its outputs.

On a map of 1 × 1 or 2 × 2 most taps of a 3 × 3 kernel lie on the padding. The matrix holds only those that meet a
pixel, and one large product keeps the processor busier: on AVX2 a half to a quarter of the time.
"""

import torch
from torch import nn
from torch.nn import functional as F

LARGEST = 2**22  # numbers in the matrix: 16 MiB


class Dense(nn.Module):
    """The convolution, for maps (N, C, `height`, `width`) alone. Where it does not cross rows, each row is a map."""

    def __init__(self, convolution: nn.Conv2d, height: int, width: int):
        super().__init__()
        self._by_row = _keeps_rows(convolution)
        with torch.no_grad():
            matrix, self._shape = _matrix(convolution, 1 if self._by_row else height, width)
        self.weight = nn.Parameter(matrix)
        _, rows, columns = self._shape
        self.bias = None
        if convolution.bias is not None:
            self.bias = nn.Parameter(convolution.bias.detach().repeat(rows * columns))

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        channels, rows, columns = self._shape
        pixels = maps.permute(0, 2, 3, 1)
        flat = pixels.flatten(2) if self._by_row else pixels.flatten(1)
        height = maps.shape[2] if self._by_row else rows
        return F.linear(flat, self.weight, self.bias).view(-1, height, columns, channels).permute(0, 3, 1, 2)


class Every(nn.Module):
    """Of maps (N, C, H, W) the pixels that a 1 × 1 kernel with this stride looks at."""

    def __init__(self, stride: tuple[int, ...]):
        super().__init__()
        self._down, self._across = stride

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return maps[:, :, :: self._down, :: self._across]


def serves(convolution: nn.Conv2d, height: int, width: int, pixels: int) -> bool:
    """Whether the matrix pays on maps of this size, of which the convolution makes maps of `pixels`."""
    taps = convolution.kernel_size[0] * convolution.kernel_size[1]
    if _keeps_rows(convolution):
        pixels, height = pixels // height, 1
    size = convolution.in_channels * height * width * convolution.out_channels * pixels
    return (2 * height * width < taps or height * width == 1) and size <= LARGEST


def _keeps_rows(convolution: nn.Conv2d) -> bool:
    return (convolution.kernel_size[0], convolution.stride[0], convolution.padding[0]) == (1, 1, 0)


def _matrix(convolution: nn.Conv2d, height: int, width: int) -> tuple[torch.Tensor, tuple[int, int, int]]:
    """The matrix (outputs, inputs), both counted by row, column and channel, and the outputs' (channels, H, W)."""
    channels = convolution.in_channels
    one_each = torch.eye(height * width * channels, device=convolution.weight.device)
    maps = one_each.view(-1, height, width, channels).permute(0, 3, 1, 2)
    answers = F.conv2d(maps, convolution.weight, None, convolution.stride, convolution.padding)
    shape = (answers.shape[1], answers.shape[2], answers.shape[3])
    return answers.permute(2, 3, 1, 0).flatten(0, 2).contiguous(), shape
