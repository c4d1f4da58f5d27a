from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from mtaa.images.controls import blur, brightness, jpeg, noise

GREY = np.full((1, 64, 64), 120, np.uint8)


@pytest.mark.parametrize("sigma", [1, 8])
def test_noise_has_the_sigma_asked_for_and_no_bias(sigma: float) -> None:
    change = noise(GREY, sigma, 0).astype(int) - 120
    # Rounding adds a variance of 1/12.
    assert change.std() == pytest.approx((sigma**2 + 1 / 12) ** 0.5, rel=0.05)
    assert abs(change.mean()) < 4 * sigma / 64


def test_noise_is_clipped_and_not_wrapped() -> None:
    assert noise(np.full((1, 64, 64), 250, np.uint8), 20, 0).min() > 100
    assert noise(np.zeros((1, 64, 64), np.uint8), 20, 0).max() < 150


def test_jpeg_is_what_pillow_makes_of_it() -> None:
    random = np.random.default_rng(0)
    for channels in (1, 3):
        image = random.integers(0, 256, (channels, 24, 24), np.uint8)
        shown = Image.fromarray(image[0] if channels == 1 else image.transpose(1, 2, 0))
        buffer = BytesIO()
        shown.save(buffer, "JPEG", quality=60)
        expected = np.asarray(Image.open(buffer))
        found = jpeg(image, 60.2, 0)
        np.testing.assert_array_equal(found[0] if channels == 1 else found.transpose(1, 2, 0), expected)


def test_blur_spreads_a_point_and_keeps_its_light() -> None:
    point = np.zeros((2, 33, 33), np.uint8)
    point[0, 16, 16] = 255
    spread = blur(point, 1, 0)
    # A Gaussian of σ 1: 1 / 2π of the light stays in the middle, e^(-1/2) of that is beside it.
    assert spread[0, 16, 16] == pytest.approx(255 / (2 * np.pi), abs=2)
    assert spread[0, 16, 17] == pytest.approx(255 / (2 * np.pi) * np.exp(-0.5), abs=2)
    assert not spread[1].any()  # channels do not mix
    np.testing.assert_array_equal(blur(GREY, 3, 0), GREY)
    np.testing.assert_array_equal(blur(point, 0, 0), point)


def test_brightness_goes_either_way_by_the_dice() -> None:
    found = {int(brightness(GREY, 30, seed).mean()) for seed in range(20)}
    assert found == {90, 150}
    assert {int(brightness(GREY, 200, seed).mean()) for seed in range(20)} == {0, 255}
