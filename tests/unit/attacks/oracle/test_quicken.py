"""Each replaced convolution against PyTorch's own in float64, and where the rules apply."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mtaa.attacks import Oracle
from mtaa.attacks.oracle import dense, stem, winograd
from mtaa.attacks.oracle.oracle import _folded
from mtaa.attacks.oracle.quicken import one_plane, quickened
from mtaa.victims import ARCHITECTURES, Victim


def agree(layer: nn.Module, convolution: nn.Conv2d, size: tuple[int, ...], tolerance: float) -> None:
    """Outputs and gradients at the inputs are those of the convolution in float64, up to a share of the largest."""
    maps = torch.randn(size, generator=torch.Generator().manual_seed(1))
    weight = torch.randn(size[0], generator=torch.Generator().manual_seed(2))
    exact, quick = maps.double().requires_grad_(), maps.requires_grad_()
    expected, answers = copy.deepcopy(convolution).double()(exact), layer(quick)
    (expected.square().flatten(1).sum(1) @ weight.double()).backward()
    (answers.square().flatten(1).sum(1) @ weight).backward()
    assert exact.grad is not None
    assert quick.grad is not None
    for one, other in ((answers, expected), (quick.grad, exact.grad)):
        assert one.shape == other.shape
        assert (one.double() - other).abs().max() < tolerance * other.abs().max()


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(7, 2, 3), (3, 1, 1), (3, 2, 0), ((3, 5), (1, 2), (0, 2))])
def test_a_stem(kernel: int, stride: int, padding: int) -> None:
    convolution = nn.Conv2d(3, 8, kernel, stride, padding)
    agree(stem.Stem(convolution), convolution, (4, 3, 16, 12), 1e-5)


def test_a_stem_on_one_plane_is_that_of_equal_planes() -> None:
    convolution = nn.Conv2d(3, 8, 7, 2, 3)
    grey = torch.rand(2, 1, 28, 28)
    with torch.no_grad():
        single = stem.on_one_plane(convolution)(grey)
        torch.testing.assert_close(single, convolution(grey.expand(-1, 3, -1, -1)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "height", "width"),
    [
        (3, 1, 1, 1, 1),
        (3, 1, 1, 2, 2),
        (3, 2, 1, 2, 2),
        ((1, 7), 1, (0, 3), 5, 3),
        ((7, 1), 1, (3, 0), 1, 3),
        (1, 1, 0, 1, 1),
    ],
)
def test_a_dense(kernel: int, stride: int, padding: int, height: int, width: int) -> None:
    convolution = nn.Conv2d(5, 7, kernel, stride, padding)
    agree(dense.Dense(convolution, height, width), convolution, (3, 5, height, width), 1e-5)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("height", "width"), [(4, 4), (8, 4), (8, 8)])
def test_winograd(height: int, width: int, bias: bool) -> None:
    convolution = nn.Conv2d(24, 40, 3, padding=1, bias=bias)
    agree(winograd.Winograd(convolution), convolution, (3, 24, height, width), 1e-4)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("resnet18", {stem.Stem, dense.Dense, winograd.Winograd, dense.Every}),
        ("resnet50", {stem.Stem, dense.Dense, winograd.Winograd, dense.Every}),
        ("vgg16", {stem.Stem, dense.Dense, winograd.Winograd}),
        ("inception_v3", {stem.Stem, dense.Dense}),
    ],
)
@pytest.mark.parametrize("planes", [1, 3])
def test_a_network_computes_what_it_did(name: str, kinds: set[type[nn.Module]], planes: int) -> None:
    torch.manual_seed(0)
    side = ARCHITECTURES[name].side(28)
    network = _folded(ARCHITECTURES[name].build(10, side, False).eval()).requires_grad_(False)
    images = torch.rand(2, planes, side, side)
    seen = images.expand(-1, 3, -1, -1).clone().requires_grad_(True)
    expected = network(seen)
    (whole,) = torch.autograd.grad(expected[:, 0].sum(), seen)
    quick = quickened(network, planes, side).requires_grad_(False)
    assert kinds <= {type(module) for module in quick.modules()}
    pixels = images.requires_grad_(True)
    answers = quick(pixels)
    (gradient,) = torch.autograd.grad(answers[:, 0].sum(), pixels)
    torch.testing.assert_close(answers, expected, rtol=1e-3, atol=1e-4)
    # A few pixels may differ where rounding flips a ReLU; the direction may not.
    whole = whole.sum(1, keepdim=True) if planes == 1 else whole
    directions = [F.normalize(one.double().flatten(1), eps=1e-30) for one in (gradient, whole)]
    assert (directions[0] * directions[1]).sum(1).min() > 0.9999


def test_a_grey_image_keeps_its_planes_where_something_else_than_a_convolution_reads_them() -> None:
    class Halved(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convolution = nn.Conv2d(3, 4, 3, padding=1)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.convolution(images * torch.tensor([1.0, 0.5, 0.0]).view(1, 3, 1, 1)).mean((2, 3))

    network = Halved().eval()
    assert not one_plane(_folded(network))
    victim = Victim(network, 28, [0.13], [0.31])
    images = torch.rand(2, 1, 28, 28)
    with torch.no_grad():
        torch.testing.assert_close(Oracle(victim, device="cpu").logits(images), victim(images), rtol=1e-4, atol=1e-5)


def test_a_convolution_that_is_used_twice_stays_one() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.again = nn.Conv2d(3, 4, 4, 4), nn.Conv2d(4, 4, 3, padding=1)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            maps = self.again(self.first(images))
            return self.again(maps[:, :, :1, :1]).flatten(1)

    network = _folded(Twice().eval())
    images = torch.rand(2, 3, 8, 8)
    with torch.no_grad():
        expected = network(images)
        torch.testing.assert_close(quickened(network, 3, 8)(images), expected)
