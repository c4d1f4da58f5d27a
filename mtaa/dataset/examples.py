"""Labelled examples of one split, as training, evaluation and maps read them."""

import mmap
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtaa.dataset.rows import Rows

PIXELS = ("images", "clean")


@dataclass(frozen=True)
class Examples:
    """n examples in one order. Pixels may be memory maps: index them, never copy them whole.

    images: (n, C, H, W) uint8, as saved to 8 bits. clean: their source images, alike.
    attack, victim: (n,) int64, places in the scenario's `attack_labels` and `victim_labels`.
    intensity: (n,) float32, in the unit of its attack; 0 for clean images.
    achieved: (n,) float32, the same after rounding, as measured.
    reached, fooled: (n,) bool, whether the attack reached its intensity; whether the rounded image fools its victim.
    source: (n,) str, identity of the source image. control: (n,) str, what changed a clean image; empty for most.
    """

    images: np.ndarray
    clean: np.ndarray
    attack: np.ndarray
    victim: np.ndarray
    intensity: np.ndarray
    achieved: np.ndarray
    reached: np.ndarray
    fooled: np.ndarray
    source: np.ndarray
    control: np.ndarray

    def __len__(self) -> int:
        return len(self.attack)

    def take(self, chosen: np.ndarray) -> "Examples":
        """The examples at the places (or where the mask) `chosen`; copies only these."""
        return Examples(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def view(self, places: np.ndarray) -> "Examples":
        """The examples at `places` (n,) int64, whose pixels stay where they are until they are indexed."""
        small = {name: getattr(self, name)[places] for name in self.__dataclass_fields__ if name not in PIXELS}
        lazy: dict[str, Any] = {name: Rows(getattr(self, name), places) for name in PIXELS}
        return Examples(**lazy, **small)

    def forget(self) -> None:
        """Let go of the mapped pixels that were read, or a walk through all of them ends with all of them in memory."""
        for pixels in (self.images, self.clean):
            forget(pixels)


def forget(pixels: np.ndarray) -> None:
    """Take a memory map's pages out of this process; the system's file cache keeps them, while there is room."""
    base: object = pixels.base
    if isinstance(base, mmap.mmap):
        base.madvise(mmap.MADV_DONTNEED)
