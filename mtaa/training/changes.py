"""What happens to an image between the attacker's file and the analyst's, done to some training examples.

An attack's traces are single grey levels, and so are those of a re-saved file. A network that saw only untouched
examples takes the latter for an attack, or misses one that was re-saved.
"""

import numpy as np

from mtaa.core import seeds
from mtaa.images import controls

# From what is hardly seen to what leaves little of an attack (`mtaa experiment survival`); units as of `controls`.
RANGES = {"jpeg": (50.0, 98.0), "noise": (0.5, 5.0), "resize": (60.0, 98.0), "blur": (0.2, 0.8)}


def changed(images: np.ndarray, share: float, seed: int) -> np.ndarray:
    """`images` (n, C, H, W) uint8, of which about `share` went through one change each, of random kind and strength."""
    dice = np.random.default_rng(seed)
    kinds, hit = dice.integers(len(RANGES), size=len(images)), dice.random(len(images)) < share
    places, found = dice.random(len(images)), images.copy()
    for kind, (name, (low, high)) in enumerate(RANGES.items()):
        rows = np.flatnonzero(hit & (kinds == kind))
        if len(rows):
            strengths = low + (high - low) * places[rows]
            found[rows] = controls.apply(name, images[rows], strengths, seeds.derive(seed, name))
    return found
