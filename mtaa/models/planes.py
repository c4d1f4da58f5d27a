"""Fixed planes beside the image: what an attack does to single grey levels, made easy for the first convolution."""

import torch
from torch.nn import functional as F

PLANES = 9
SOFT, HARD = 2.0, 16.0


def planes(images: torch.Tensor) -> torch.Tensor:
    """Images (N, C, H, W) in [0, 1] to (N, 9 C, H, W).

    For each channel the image, whether a pixel is above 0, whether it is below 1 (clipping shows there), and three
    residuals (horizontal and vertical difference, Laplacian), each squashed softly, which keeps its size, and hard,
    which keeps its sign. High-pass residuals are what steganalysis looks at (Fridrich & Kodovský 2012).
    """
    padded = F.pad(images, (1, 1, 1, 1), mode="replicate")
    left, above = padded[..., 1:-1, :-2], padded[..., :-2, 1:-1]
    right, below = padded[..., 1:-1, 2:], padded[..., 2:, 1:-1]
    residuals = (images - left, images - above, 4 * images - left - above - right - below)
    squashed = [torch.tanh(residual * gain) for residual in residuals for gain in (SOFT, HARD)]
    half = 0.5 / 255
    return torch.cat([images, (images > half).to(images.dtype), (images < 1 - half).to(images.dtype), *squashed], 1)
