"""Pictures show the pixels that were judged, unsmoothed."""

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from app.pictures import SMALL, address, png


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)))


@pytest.mark.parametrize("channels", [1, 3])
def test_true_size_is_bit_for_bit(channels: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (channels, 28, 28), dtype=np.uint8)
    shown = decoded(png(pixels))
    assert (shown == (pixels[0] if channels == 1 else pixels.transpose(1, 2, 0))).all()


def test_enlarging_repeats_pixels_by_the_largest_whole_factor() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (1, 28, 28), dtype=np.uint8)
    assert (decoded(png(pixels, 100)) == pixels[0].repeat(3, 0).repeat(3, 1)).all()


def test_nothing_is_made_smaller() -> None:
    assert decoded(png(np.zeros((1, 64, 64), np.uint8), 32)).shape == (64, 64)


@pytest.mark.parametrize(("side", "shown"), [(28, 56), (56, 56), (100, 100), (224, 56), (299, 59)])
def test_in_a_table_large_images_are_averaged_down(side: int, shown: int) -> None:
    pixels = np.full((3, side, side), 200, np.uint8)
    pixels[:, ::2] = 100
    small = decoded(base64.b64decode(address(pixels).split(",")[1]))
    assert small.shape == (shown, shown, 3)
    assert shown < 2 * SMALL
    assert side < 2 * SMALL or abs(small.mean() - 150) < 10
