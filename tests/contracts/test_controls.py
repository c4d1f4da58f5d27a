"""What every registered control keeps: bytes in, bytes out, and dice of the image's own."""

import numpy as np
import pytest

from mtaa.core.errors import InputError, UnknownNameError
from mtaa.core.titles import TITLES
from mtaa.images import controls
from mtaa.images.controls import CONTROLS
from mtaa.scenario.record import CellCounts, ControlSpec, Grid

NAMES = CONTROLS.names()


def images(channels: int) -> np.ndarray:
    """Slopes with stripes: something to blur, to compress and to clip."""
    ramp = np.linspace(0, 255, 24)[None, None, :, None] + 40 * np.sin(np.arange(24))[None, None, None]
    return np.clip(ramp + np.arange(6 * channels).reshape(6, channels, 1, 1), 0, 255).astype(np.uint8)


def strengths(name: str, count: int = 6) -> np.ndarray:
    lowest, highest = (CONTROLS.entry(name).facts[end] for end in ("lowest", "highest"))
    return np.linspace(lowest + (highest - lowest) / 20, (lowest + highest) / 3, count).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_changes_bytes_into_bytes_of_the_same_shape(name: str, channels: int) -> None:
    before = images(channels)
    kept = before.copy()
    changed = controls.apply(name, before, strengths(name), seed=0)
    assert (changed.shape, changed.dtype) == (before.shape, np.uint8)
    assert (changed != before).reshape(6, -1).any(1).all()
    np.testing.assert_array_equal(before, kept)


@pytest.mark.parametrize("name", NAMES)
def test_the_image_and_the_seed_decide_alone(name: str) -> None:
    before, how = images(1), strengths(name)
    whole = controls.apply(name, before, how, seed=3)
    np.testing.assert_array_equal(controls.apply(name, before, how, seed=3), whole)
    np.testing.assert_array_equal(controls.apply(name, before[4:], how[4:], seed=3), whole[4:])
    np.testing.assert_array_equal(controls.apply(name, before[::-1], how[::-1], seed=3)[::-1], whole)


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_makes_a_difference_only_where_there_are_dice(name: str) -> None:
    before, how = images(1), strengths(name)
    differ = (controls.apply(name, before, how, seed=0) != controls.apply(name, before, how, seed=1)).any()
    assert differ == (name in ("noise", "brightness"))


@pytest.mark.parametrize("name", NAMES)
def test_strengths_out_of_range_are_one_sentence(name: str) -> None:
    highest = CONTROLS.entry(name).facts["highest"]
    counts = CellCounts(train=1, test=1)
    controls.check(ControlSpec(name=name, strengths=Grid(start=1, stop=highest, step=1), examples=counts))
    with pytest.raises(InputError, match="strengths must be"):
        controls.check(ControlSpec(name=name, strengths=Grid(start=1, stop=highest + 1, step=1), examples=counts))


@pytest.mark.parametrize("name", NAMES)
def test_its_title_is_known_without_the_registry(name: str) -> None:
    assert TITLES[name] == CONTROLS.entry(name).title


def test_an_unknown_control_lists_the_near_ones() -> None:
    with pytest.raises(UnknownNameError, match="control 'blurr' is unknown; did you mean blur"):
        controls.apply("blurr", images(1), np.ones(6), 0)
