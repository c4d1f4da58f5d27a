"""Measures that follow from the pixels by a stated rule, whatever any model says (DERIVED)."""

import numpy as np

from mtaa.core.errors import InputError
from mtaa.core.verdict import Derived, Reference

REACH = 2
SHIFTS = [(down, right) for down in range(-REACH, REACH + 1) for right in range(-REACH, REACH + 1)]


def derive(pixels: np.ndarray, reference: np.ndarray | None = None, reference_sha256: str = "") -> Derived:
    """Measures of `pixels` uint8 (C, H, W), and of the difference to a clean original of the same shape.

    Raises `InputError` where the shapes differ.
    """
    return Derived(
        channels=len(pixels),
        levels=len(np.unique(pixels)),
        minimum=int(pixels.min()),
        maximum=int(pixels.max()),
        mean=float(pixels.mean()),
        roughness=roughness(pixels),
        reference=None if reference is None else compare(pixels, reference, reference_sha256),
    )


def roughness(pixels: np.ndarray) -> float:
    """Mean absolute difference of horizontal and vertical neighbours of `pixels` (C, H, W), in grey levels."""
    levels = pixels.astype(np.int16)
    steps = [np.abs(np.diff(levels, axis=axis)).ravel() for axis in (1, 2)]
    return float(np.concatenate(steps).mean())


def compare(pixels: np.ndarray, reference: np.ndarray, sha256: str) -> Reference:
    """How far `pixels` are from `reference`, both uint8 (C, H, W): largest and Euclidean difference, changed share.

    `linf` is in grey levels, `l2` in units of [0, 1], and a pixel counts as changed if any of its channels is. How well
    the two fit is told by their correlation, and by the shift of up to `REACH` pixels at which it is largest.
    """
    if pixels.shape != reference.shape:
        raise InputError(
            f"reference must have the image's shape {pixels.shape}, got {reference.shape}; give its clean original"
        )
    difference = pixels.astype(np.int16) - reference
    size = np.abs(difference)
    changed = size > 0
    shifts = {shift: _correlation(pixels, np.roll(reference, shift, (1, 2))) for shift in SHIFTS}
    return Reference(
        sha256=sha256,
        linf=int(size.max()),
        l2=float(np.linalg.norm(difference / 255)),
        changed_share=float(changed.any(axis=0).mean()),
        at_bound=float((size == size.max())[changed].mean()) if changed.any() else 0.0,
        correlation=shifts[0, 0],
        shift=max(shifts, key=lambda shift: (shifts[shift], shift == (0, 0))),
    )


def _correlation(one: np.ndarray, two: np.ndarray) -> float:
    """Pearson's, over all values; 0 where one of them is flat."""
    first, second = (image.astype(np.float64) - image.mean() for image in (one, two))
    size = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float((first * second).sum()) / size if size else 0.0
