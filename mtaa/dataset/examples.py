"""Labelled examples of one split, as training, evaluation and maps read them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Examples:
    """n examples in one order. Pixels may be memory maps: index them, never copy them whole.

    images: (n, C, H, W) uint8, as saved to 8 bits. clean: their source images, alike.
    attack, victim: (n,) int64, places in the scenario's `attack_labels` and `victim_labels`.
    intensity: (n,) float32, ε in grey levels or κ; 0 for clean images.
    achieved: (n,) float32, after rounding: largest difference in grey levels, or the margin in logits.
    reached, fooled: (n,) bool, whether the attack reached its κ; whether the rounded image fools its victim.
    source: (n,) str, identity of the source image.
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

    def __len__(self) -> int:
        return len(self.attack)

    def take(self, chosen: np.ndarray) -> "Examples":
        """The examples at the places (or where the mask) `chosen`; copies only these."""
        return Examples(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))
