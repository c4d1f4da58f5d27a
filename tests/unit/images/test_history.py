"""Marks of what was done to an image: found where it was done, silent where it was not."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from mtaa.images.controls import blur, depth, jpeg, resize
from mtaa.images.history import NEVER_NARROW, bit_depth, fine_share, jpeg_ghosts, narrow_levels, stored_quality


def scenes(count: int, side: int = 40) -> np.ndarray:
    """Smooth shapes with some grain (n, 1, side, side), as photographs have."""
    random = np.random.default_rng(5)
    smooth = gaussian_filter(random.standard_normal((count, 1, side, side)), (0, 0, 4, 4))
    grain = random.normal(0, 6, smooth.shape)
    return np.clip(128 + 600 * smooth + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("quality", [50, 75, 90, 95])
def test_the_quality_of_an_earlier_compression_is_found(quality: int) -> None:
    images = scenes(12)
    before = jpeg_ghosts(images)
    after = jpeg_ghosts(np.stack([jpeg(image, quality, 0) for image in images]))
    assert max(ratio for _, ratio in after) < min(ratio for _, ratio in before)
    assert np.median([abs(found - quality) for found, _ in after]) <= 1


@pytest.mark.parametrize("channels", [1, 3])
def test_an_image_is_judged_as_if_it_were_alone(channels: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (4, channels, 21, 30), np.uint8)
    assert jpeg_ghosts(images) == [jpeg_ghosts(image[None])[0] for image in images]


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


@pytest.mark.parametrize("quality", [1, 20, 50, 75, 95, 100])
def test_the_quality_is_read_off_a_file(quality: int) -> None:
    for mode in ("L", "RGB"):
        buffer = BytesIO()
        Image.new(mode, (16, 16)).save(buffer, "JPEG", quality=quality)
        found = stored_quality(Image.open(buffer))
        assert found is not None
        assert abs(found - quality) <= (1 if quality > 1 else 4)
    buffer = BytesIO()
    Image.new("L", (16, 16)).save(buffer, "PNG")
    assert stored_quality(Image.open(buffer)) is None
