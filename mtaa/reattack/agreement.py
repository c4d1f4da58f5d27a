"""How alike two perturbations are."""

import numpy as np

from mtaa.core.countercheck import Agreement


def agreement(found: np.ndarray, made: np.ndarray) -> Agreement:
    """Of two perturbations in grey levels, integers (C, H, W) from -255 to 255."""
    one, two = found.astype(np.int64).ravel(), made.astype(np.int64).ravel()
    both = (one != 0) & (two != 0)
    size = float(np.linalg.norm(one) * np.linalg.norm(two))
    return Agreement(
        signs=float((np.sign(one) == np.sign(two))[both].mean()) if both.any() else None,
        correlation=float(one @ two) / size if size else 0.0,
        linf=int(np.abs(one - two).max()),
    )
