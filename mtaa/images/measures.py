"""DERIVED findings: measures of the pixels by stated rules, no model involved."""

import numpy as np

from mtaa.core.verdict import Derived, Reference


def derive(pixels: np.ndarray, reference: np.ndarray | None = None, reference_sha256: str = "") -> Derived:
    """Measure one image (C, H, W) uint8, and its difference from a clean original of the same shape where given.

    `roughness` is the mean absolute difference of neighbours, across and down, in grey levels.
    """
    wide = pixels.astype(np.int64)
    neighbours = np.concatenate([np.abs(np.diff(wide, axis=axis)).ravel() for axis in (1, 2)])
    return Derived(
        channels=pixels.shape[0],
        levels=len(np.unique(pixels)),
        minimum=int(pixels.min()),
        maximum=int(pixels.max()),
        mean=round(float(pixels.mean()), 4),
        roughness=round(float(neighbours.mean()), 4),
        reference=None if reference is None else _compare(wide, reference.astype(np.int64), reference_sha256),
    )


def _compare(wide: np.ndarray, reference: np.ndarray, digest: str) -> Reference:
    change = wide - reference
    return Reference(
        sha256=digest,
        linf=int(np.abs(change).max()),
        l2=round(float(np.sqrt(np.square(change / 255).sum())), 4),
        changed_share=round(float((change != 0).any(axis=0).mean()), 4),
    )
