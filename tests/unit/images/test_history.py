"""Marks of what was done to an image: found where it was done, silent where it was not."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from mtaa.images.controls import blur, depth, jpeg, resize
from mtaa.images.history import NEVER_NARROW, bit_depth, fine_share, narrow_levels
from tests.unit.images.scenes import scenes


def test_blur_and_resizing_take_fine_detail_away() -> None:
    (image,) = scenes(1)
    assert fine_share(blur(image, 1, 0)) < 0.5 * fine_share(image)
    assert fine_share(resize(image, 50, 0)) < 0.5 * fine_share(image)
    assert fine_share(np.full((1, 8, 8), 9, np.uint8)) == 1
    rows = np.zeros((1, 16, 16), np.uint8)
    rows[:, ::2] = 255
    assert fine_share(rows) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("bits", [2, 4, 6, 7])
def test_bits_that_were_left_out_are_missed(bits: int) -> None:
    for image in scenes(6):
        assert bit_depth(image) == 8
        assert bit_depth(depth(image, bits, 0)) == bits
        assert bit_depth(image >> (8 - bits) << (8 - bits)) == bits  # cut off, not spread


def test_few_levels_tell_nothing_of_bits() -> None:
    image = np.zeros((1, 8, 8), np.uint8)
    image[:, ::2] = 255
    assert bit_depth(image) == 8
    image[0, 0, :2] = 64, 128
    assert bit_depth(image) == 8


@pytest.mark.parametrize("quality", [40, 75, 95, 100])
def test_lossy_webp_leaves_its_levels(quality: int) -> None:
    for image in scenes(12):
        buffer = BytesIO()
        Image.fromarray(image[0]).save(buffer, "WEBP", quality=quality)
        again = np.asarray(Image.open(buffer).convert("L"))[None]
        assert narrow_levels(again) > 25
        assert narrow_levels(image) == 0
        assert narrow_levels(jpeg(again, 90, 0)) == 0  # and JPEG takes the mark away
        colours = np.concatenate([again, again, 255 - again])
        assert narrow_levels(colours) == 0
    assert len(NEVER_NARROW) == 33
