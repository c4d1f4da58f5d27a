"""JPEG in an image's past: its quality, the place of its blocks, a compression before it; silence where none was."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from mtaa.images.controls import jpeg
from mtaa.images.jpegs import Ghost, ghosts, stored_quality
from tests.unit.images.scenes import scenes


def compressed(images: np.ndarray, quality: int) -> np.ndarray:
    return np.stack([jpeg(image, quality, 0) for image in images])


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("quality", [50, 75, 90, 95])
def test_the_quality_of_a_compression_is_found(quality: int, channels: int) -> None:
    images = scenes(12).repeat(channels, 1)
    before = [ghosts(image).clearest for image in images]
    after = [ghosts(image).clearest for image in compressed(images, quality)]
    assert max(found.ratio for found in after) < min(found.ratio for found in before)
    assert max(abs(found.quality - quality) for found in after) <= 3


@pytest.mark.parametrize(("row", "column"), [(0, 1), (3, 6), (7, 0)])
@pytest.mark.parametrize("quality", [50, 75, 95])
def test_of_a_part_cut_out_of_a_jpeg_the_blocks_are_found(quality: int, row: int, column: int) -> None:
    wholes = scenes(8, 72)
    parts = [image[:, 16 - row :, 8 - column :] for image in compressed(wholes, quality)]
    for part in parts:
        found = ghosts(part)
        assert found.displaced is not None
        assert (found.displaced.row, found.displaced.column) == (row, column)
        assert abs(found.displaced.quality - quality) <= 3
        assert found.displaced.ratio < 0.75 < found.clearest.ratio


@pytest.mark.parametrize(("first", "then"), [(50, 90), (60, 95), (75, 95), (90, 98)])
def test_a_compression_before_the_last_is_found_where_it_was_coarser(first: int, then: int) -> None:
    images = scenes(12)
    once = [ghosts(image).earlier(then) for image in compressed(images, then)]
    twice = [ghosts(image).earlier(then) for image in compressed(compressed(images, first), then)]
    assert max(_ratio(found) for found in twice) < min(_ratio(found) for found in once)
    assert np.median([abs(found.quality - first) for found in twice if found is not None]) <= 3
    assert ghosts(images[0]).earlier(20) is None


def _ratio(found: Ghost | None) -> float:
    assert found is not None
    return found.ratio


def test_flat_and_small_images_have_no_ghost() -> None:
    for level in (0, 130, 255):
        flat = ghosts(np.full((1, 28, 28), level, np.uint8))
        assert flat.displaced is not None
        assert (flat.clearest.ratio, flat.displaced.ratio) == (1, 1)
    small = ghosts(scenes(1, 14)[0])
    assert small.displaced is None
    assert small.clearest.ratio > 0
    assert ghosts(scenes(1, 15)[0]).displaced is not None


def test_of_a_large_image_the_middle_tells_where_the_blocks_are() -> None:
    whole = compressed(scenes(1, 201), 80)[0]
    found = ghosts(whole[:, 5:, 2:]).displaced
    assert found is not None
    assert (found.row, found.column) == (3, 6)


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
