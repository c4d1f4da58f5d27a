"""What was added to an image: true where its clean original is at hand, else estimated. Numpy alone."""

from dataclasses import dataclass

import numpy as np

from mtaa.core.errors import InputError


@dataclass(frozen=True)
class Perturbation:
    """δ = x' − x of one image, and its measures.

    values: (C, H, W) int16, in grey levels. original: (C, H, W) uint8, x or, where `is_estimate`, what stands for it.
    changed: how many pixels differ in any channel (L0); pixels: of how many. l2: in units of [0, 1]. linf: in grey
    levels. at_bound: of the values that differ, the share that differs by `linf`; 0 where none does.
    """

    values: np.ndarray
    original: np.ndarray
    is_estimate: bool
    changed: int
    pixels: int
    l2: float
    linf: int
    at_bound: float

    @property
    def strongest(self) -> np.ndarray:
        """(H, W) int16: of each pixel the value of the channel that changed most."""
        return strongest(self.values)


def between(suspicious: np.ndarray, original: np.ndarray, is_estimate: bool = False) -> Perturbation:
    """The perturbation between two images uint8 (C, H, W). Raises `InputError` where their shapes differ."""
    if suspicious.shape != original.shape:
        raise InputError(
            f"reference must have the image's shape {suspicious.shape}, got {original.shape}; give its clean original"
        )
    values = suspicious.astype(np.int16) - original
    sizes = np.abs(values)
    largest = int(sizes.max())
    differing = int((sizes > 0).sum())
    return Perturbation(
        values=values,
        original=original,
        is_estimate=is_estimate,
        changed=int((sizes > 0).any(axis=0).sum()),
        pixels=values.shape[1] * values.shape[2],
        l2=float(np.linalg.norm(values / 255)),
        linf=largest,
        at_bound=float((sizes == largest).sum() / differing) if differing else 0.0,
    )


def strongest(values: np.ndarray) -> np.ndarray:
    """(C, H, W) to (H, W): of each pixel the value of the channel that is largest in size, with its sign."""
    place = np.abs(values).argmax(axis=0)
    return np.take_along_axis(values, place[None], axis=0)[0]


def histogram(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The differences that occur, ascending, and how often; no difference (0) is left out."""
    levels, counts = np.unique(values, return_counts=True)
    return levels[levels != 0], counts[levels != 0]
