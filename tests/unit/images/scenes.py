"""Images that look, to a measure of pixels, like photographs."""

import numpy as np
from scipy.ndimage import gaussian_filter


def scenes(count: int, side: int = 40) -> np.ndarray:
    """Smooth shapes with some grain (n, 1, side, side), as photographs have."""
    random = np.random.default_rng(5)
    smooth = gaussian_filter(random.standard_normal((count, 1, side, side)), (0, 0, 4, 4))
    grain = random.normal(0, 6, smooth.shape)
    return np.clip(128 + 600 * smooth + grain, 0, 255).astype(np.uint8)
