import numpy as np
import torch

from mtaa.models.planes import PLANES, planes
from mtaa.models.statistics import Statistics, histograms


def test_histograms_against_numpy() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 1, 28, 28))
    found = histograms(torch.from_numpy(pixels).float() / 255).numpy()
    for image, counted in zip(pixels, found, strict=True):
        expected = [
            np.bincount(image.ravel(), minlength=256),
            np.bincount(np.abs(np.diff(image, axis=2)).ravel(), minlength=256),
            np.bincount(np.abs(np.diff(image, axis=1)).ravel(), minlength=256),
        ]
        np.testing.assert_allclose(counted, np.log1p(expected), rtol=1e-6)


def test_histograms_are_exact_under_autocast() -> None:
    levels = torch.arange(256).repeat(4)[: 28 * 28].view(1, 1, 28, 28) / 255
    module = Statistics().eval()
    with torch.autocast("cpu", torch.bfloat16):
        mixed = module(levels)
    torch.testing.assert_close(mixed, module(levels))


def test_planes_mark_black_and_white_and_keep_signs() -> None:
    image = torch.zeros(1, 1, 4, 4)
    image[..., 1, 1], image[..., 2, 2] = 1 / 255, 1.0
    found = planes(image)
    assert found.shape == (1, PLANES, 4, 4)
    assert found[0, 1].sum() == 2
    assert found[0, 2].sum() == 15
    across = found[0, 3]
    assert across[1, 1] > 0
    assert across[1, 2] < 0
    assert across[0].abs().sum() == 0
