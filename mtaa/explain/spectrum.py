"""The two-dimensional spectrum of a perturbation: where on the scale from coarse to fine it lies. Numpy alone."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spectrum:
    """log_magnitude: (H, W) float32, log10(1 + |F|), frequency 0 in the centre, mean over channels.

    F is the unitary Fourier transform of δ in grey levels, so white noise of ± ε has a magnitude near ε at any size.
    frequency, radial: (n,) float32, cycles a pixel from 0 to 0.5, and the mean |F| of the ring around each.
    """

    log_magnitude: np.ndarray
    frequency: np.ndarray
    radial: np.ndarray


def spectrum(values: np.ndarray) -> Spectrum:
    """The spectrum of a perturbation (C, H, W) in grey levels."""
    magnitude = np.abs(np.fft.fft2(values.astype(np.float64), norm="ortho")).mean(axis=0)
    height, width = magnitude.shape
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None])
    # As many rings as the shorter side has frequencies; beyond 0.5 lie only corners, which not every direction has.
    rings = min(height, width) // 2
    ring = np.rint(radius * 2 * rings).astype(int)
    inside = ring <= rings
    counts = np.bincount(ring[inside], minlength=rings + 1)
    sums = np.bincount(ring[inside], magnitude[inside], minlength=rings + 1)
    return Spectrum(
        log_magnitude=np.fft.fftshift(np.log10(1 + magnitude)).astype(np.float32),
        frequency=(np.arange(rings + 1) / (2 * rings)).astype(np.float32),
        radial=(sums / np.maximum(counts, 1)).astype(np.float32),
    )
