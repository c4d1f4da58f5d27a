"""Pictures show the pixels that were judged, unsmoothed."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from app.pictures import png


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
