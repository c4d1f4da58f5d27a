"""The first convolution, on one or three planes, as one matrix product over unfolded patches.

Convolution libraries block over channels, and with so few of them their gradient at the pixels is slow: on AVX2 the
patches take a third of the time.
"""

import torch
from torch import nn
from torch.nn import functional as F

PLANES = 3
LARGEST = 2**18  # numbers an image's patches may have


class Stem(nn.Module):
    """A convolution of images (N, planes, H, W) that gives channels-last maps; dilation and groups are not for it."""

    def __init__(self, convolution: nn.Conv2d):
        super().__init__()
        self._kernel, self._stride, self._padding = _shape(convolution)
        self.weight = nn.Parameter(convolution.weight.detach().flatten(1).contiguous())
        self.bias = convolution.bias

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        patches = F.unfold(images, self._kernel, padding=self._padding, stride=self._stride)
        rows = (images.shape[2] + 2 * self._padding[0] - self._kernel[0]) // self._stride[0] + 1
        maps = F.linear(patches.transpose(1, 2), self.weight, self.bias)
        return maps.transpose(1, 2).unflatten(2, (rows, -1))


def serves(convolution: nn.Conv2d, planes: int, pixels: int) -> bool:
    """Whether patches pay for a plain convolution of `planes` that gives maps of `pixels`."""
    rows, columns = convolution.kernel_size
    return planes <= PLANES and planes * rows * columns * pixels <= LARGEST


def on_one_plane(convolution: nn.Conv2d) -> nn.Conv2d:
    """The same convolution for grey images, whose one plane all of its input channels would have repeated."""
    kernel, stride, padding = _shape(convolution)
    single = nn.Conv2d(1, convolution.out_channels, kernel, stride, padding)
    single.weight = nn.Parameter(convolution.weight.detach().sum(1, keepdim=True))
    single.bias = convolution.bias
    return single


def _shape(convolution: nn.Conv2d) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Kernel, stride and padding, each by rows and columns."""
    (rows, columns), (down, across) = convolution.kernel_size, convolution.stride
    above, before = map(int, convolution.padding)
    return (rows, columns), (down, across), (above, before)
