"""How far a map can be believed: figures of an embedding or of a map of it. Pure functions."""

import numpy as np

from mtaa.signatures.atlas import Figures
from mtaa.signatures.neighbours import nearest, vote


def measure(points: np.ndarray, attack: np.ndarray, victim: np.ndarray, is_attacked: np.ndarray, count: int) -> Figures:
    """Figures of `points` (n, d) with true labels (n,): `<what>_knn`, `<what>_silhouette` for attack and victim.

    Those of the victim rest on the examples where `is_attacked`: a clean image has none. Neighbours are searched among
    all. `count` is how many of them vote.
    """
    _, places = nearest(points, None, count)
    return {
        "attack_knn": accuracy(vote(attack[places]), attack),
        "victim_knn": accuracy(vote(victim[places])[is_attacked], victim[is_attacked]),
        "attack_silhouette": silhouette(points, attack),
        "victim_silhouette": silhouette(points[is_attacked], victim[is_attacked]),
    }


def trustworthiness(points: np.ndarray, mapped: np.ndarray, count: int) -> float:
    """Of `count` neighbours on the map, how far they are neighbours in `points` too: 1 where all are (Venna, 2001)."""
    from sklearn.manifold import trustworthiness as trust

    return round(float(trust(points, mapped, n_neighbors=count)), 4)


def accuracy(said: np.ndarray, true: np.ndarray) -> float | None:
    """The share of equal labels; None of nothing."""
    return round(float((said == true).mean()), 4) if len(true) else None


def silhouette(points: np.ndarray, labels: np.ndarray) -> float | None:
    """From −1 to 1: how much nearer a point is to its own class than to the next one; None where that means nothing."""
    from sklearn.metrics import silhouette_score

    classes = len(np.unique(labels))
    return round(float(silhouette_score(points, labels)), 4) if 1 < classes < len(labels) else None
