import numpy as np

from mtaa.images.measures import derive


def test_measures_of_a_known_image() -> None:
    pixels = np.array([[[0, 10], [0, 30]]], np.uint8)
    derived = derive(pixels)
    assert (derived.channels, derived.levels, derived.minimum, derived.maximum) == (1, 3, 0, 30)
    assert derived.mean == 10
    assert derived.roughness == (10 + 30 + 0 + 20) / 4
    assert derived.reference is None


def test_difference_from_the_original() -> None:
    original = np.array([[[0, 0], [250, 100]]], np.uint8)
    suspect = np.array([[[5, 0], [255, 80]]], np.uint8)
    reference = derive(suspect, original, "ab").reference
    assert reference is not None
    assert (reference.linf, reference.changed_share, reference.sha256) == (20, 0.75, "ab")
    assert reference.l2 == round(float(np.sqrt(25 + 25 + 400)) / 255, 4)
