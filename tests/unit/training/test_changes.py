"""Changes on the way to an analyst hit the share asked for, follow from the seed, and stay near the picture."""

import numpy as np

from mtaa.training.changes import changed


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 1, 28, 28), np.uint8)


def test_the_share_asked_for_is_changed() -> None:
    images = pictures(400)
    assert np.array_equal(changed(images, 0.0, 1), images)
    hit = (changed(images, 0.3, 1) != images).any((1, 2, 3)).mean()
    assert 0.2 < hit < 0.4
    # Resizing by less than half a pixel leaves all as it is.
    assert (changed(images, 1.0, 1) != images).any((1, 2, 3)).mean() > 0.95


def test_what_becomes_of_a_picture_follows_from_the_seed() -> None:
    images = pictures(60)
    first = changed(images, 0.5, 7)
    assert first.dtype == np.uint8
    assert np.array_equal(first, changed(images, 0.5, 7))
    assert not np.array_equal(first, changed(images, 0.5, 8))


def test_the_picture_is_still_there() -> None:
    ramp = np.tile(np.linspace(30, 220, 28).astype(np.uint8), (200, 1, 28, 1))
    assert np.abs(changed(ramp, 1.0, 3).astype(int) - ramp).mean() < 8
