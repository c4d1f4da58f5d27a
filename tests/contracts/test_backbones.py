"""What every registered backbone keeps to; registering one puts it under test."""

from functools import cache

import pytest
import torch

from mtaa.core.errors import UnknownNameError
from mtaa.models.backbones import BACKBONES, TAPS, Backbone
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa

SIDE = 16
NAMES = BACKBONES.names()


def config(name: str, **more: object) -> NetworkConfig:
    return NetworkConfig(backbone=name, widths=(4, 6, 8, 10), **more)  # type: ignore[arg-type]


def images(channels: int, count: int = 2) -> torch.Tensor:
    return torch.randint(0, 256, (count, channels, SIDE, SIDE), generator=torch.Generator().manual_seed(1)) / 255


@cache
def built(name: str, channels: int, stem: str) -> Backbone:
    """A backbone in evaluation mode whose lazy layers have seen one image; built once, so leave it as it was."""
    torch.manual_seed(0)
    backbone = BACKBONES[name](config(name, stem=stem)).eval()
    with torch.no_grad():
        backbone(images(channels))
    return backbone


@pytest.mark.parametrize(("channels", "stem"), [(1, "imagenet"), (1, "small"), (3, "imagenet")])
@pytest.mark.parametrize("name", NAMES)
def test_taps_are_as_declared(name: str, channels: int, stem: str) -> None:
    # A ResNet has no layer of its own for grey images, so one serves both.
    backbone = built(name, 1 if name.startswith("resnet") else channels, stem)
    with torch.no_grad():
        found = backbone(images(channels))
    assert list(found) == list(backbone.taps) == list(TAPS)
    for tap, declared in backbone.taps.items():
        side = -(-SIDE // declared.stride)
        assert found[tap].shape == (2, declared.channels, side, side), tap


@pytest.mark.parametrize("name", NAMES)
def test_branches_put_out_the_declared_channels_and_share_no_weights(name: str) -> None:
    backbone = built(name, 1, "imagenet")
    first, second = backbone.branch().eval(), backbone.branch().eval()
    with torch.no_grad():
        high = first(backbone(images(1))["layer3"])
    assert high.shape[:2] == (2, backbone.channels)
    owned = [{weight.data_ptr() for weight in part.parameters()} for part in (backbone, first, second)]
    assert len(owned[0] | owned[1] | owned[2]) == sum(len(part) for part in owned)
    shapes = [[weight.shape for weight in part.parameters()] for part in (first, second)]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_behind_the_last_tap_is_computed(name: str) -> None:
    backbone = built(name, 1, "imagenet")
    calls: list[str] = []
    handles = [getattr(backbone, tap).register_forward_hook(lambda *_, tap=tap: calls.append(tap)) for tap in TAPS]
    with torch.no_grad():
        whole, part = backbone(images(1)), backbone(images(1), "layer1")
    for handle in handles:
        handle.remove()
    assert calls == [*TAPS, "stem", "layer1"]
    assert list(part) == ["stem", "layer1"]
    torch.testing.assert_close(part["layer1"], whole["layer1"], rtol=0, atol=0)


@pytest.mark.parametrize("name", NAMES)
def test_the_image_alone_decides_in_evaluation_mode(name: str) -> None:
    backbone = built(name, 1, "imagenet")
    both = images(1)
    with torch.no_grad():
        together, alone = backbone(both)["layer3"], backbone(both[1:])["layer3"]
    torch.testing.assert_close(together[1:], alone, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_reach_pixels_and_all_shared_weights(name: str) -> None:
    backbone = built(name, 1, "imagenet")
    shown = images(1).requires_grad_()
    backbone(shown)["layer3"].square().sum().backward()
    assert shown.grad is not None
    assert shown.grad.abs().sum() > 0
    assert all(weight.grad is not None for weight in backbone.parameters())
    backbone.zero_grad()


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("resnet")])
def test_a_grey_image_is_the_colour_image_with_equal_channels(name: str) -> None:
    backbone = built(name, 1, "imagenet")
    grey = images(1)
    with torch.no_grad():
        one, three = backbone(grey)["layer3"], backbone(grey.repeat(1, 3, 1, 1))["layer3"]
    torch.testing.assert_close(one, three, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("tap", TAPS)
def test_every_tap_can_be_read_by_the_extractor(tap: str) -> None:
    network = Mtaa(config("forensic", tap=tap), attacks=3, victims=5, channels=1, side=SIDE).eval()
    assert network.extractor is not None
    with torch.no_grad():
        code = network.extractor(images(1))
    assert code.shape == (2, network.extractor.outputs) == (2, 2 * network.shared.taps[tap].channels)


def test_an_unknown_backbone_lists_the_near_ones() -> None:
    with pytest.raises(UnknownNameError, match="did you mean resnet50"):
        BACKBONES["resnet5"]
