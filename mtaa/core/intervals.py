"""Confidence intervals."""

from math import sqrt

Z95 = 1.959964


def wilson(successes: int, total: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of a proportion, 95 % by default; it stays within [0, 1] and is sound at its ends."""
    share, weight = successes / total, z * z / total
    centre, spread = share + weight / 2, z * sqrt(share * (1 - share) / total + weight / (4 * total))
    return max(0.0, (centre - spread) / (1 + weight)), min(1.0, (centre + spread) / (1 + weight))
