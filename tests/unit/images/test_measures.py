import numpy as np
import pytest

from mtaa.core.errors import InputError
from mtaa.images.measures import derive


def test_a_plain_image() -> None:
    found = derive(np.full((1, 4, 4), 7, dtype=np.uint8))
    assert (found.channels, found.levels, found.minimum, found.maximum) == (1, 1, 7, 7)
    assert (found.mean, found.roughness, found.reference) == (7.0, 0.0, None)


def test_roughness_is_the_mean_step_between_neighbours() -> None:
    # Horizontal steps 10, 10 and vertical steps 250, 250: the wide ones must not wrap around in 8 bits.
    found = derive(np.array([[[0, 10], [250, 240]]], dtype=np.uint8))
    assert found.roughness == pytest.approx((10 + 10 + 250 + 230) / 4)
    assert found.levels == 4


def test_differences_to_a_reference() -> None:
    reference = np.zeros((3, 2, 2), dtype=np.uint8)
    pixels = reference.copy()
    pixels[0, 0, 0], pixels[1, 0, 0], pixels[2, 1, 1] = 255, 51, 3
    found = derive(pixels, reference, "ab" * 32).reference
    assert found is not None
    assert (found.sha256, found.linf, found.changed_share) == ("ab" * 32, 255, 0.5)
    assert found.l2 == pytest.approx(np.sqrt(1 + 0.2**2 + (3 / 255) ** 2))


def test_darker_counts_like_brighter() -> None:
    white = np.full((1, 2, 2), 255, dtype=np.uint8)
    found = derive(np.zeros((1, 2, 2), dtype=np.uint8), white).reference
    assert found is not None
    assert (found.linf, found.l2) == (255, 2.0)


def test_shapes_must_agree() -> None:
    with pytest.raises(InputError, match="reference must have the image's shape"):
        derive(np.zeros((1, 2, 2), dtype=np.uint8), np.zeros((1, 3, 3), dtype=np.uint8))
