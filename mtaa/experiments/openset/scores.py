"""How strange an image is, by several scores: from what the network says of it, and from where its embedding lies."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mtaa.signatures.strangeness import directions, distance

SHRINKAGE = 0.01  # of the pooled covariance towards the identity, in standardised features


@dataclass(frozen=True)
class Seen:
    """Of n images, one task's embeddings (n, D) and logits (n, K) float32."""

    embeddings: np.ndarray
    logits: np.ndarray

    def take(self, rows: np.ndarray) -> "Seen":
        """Those at `rows`."""
        return Seen(self.embeddings[rows], self.logits[rows])


@dataclass(frozen=True)
class Reference:
    """Known examples to compare with, and their labels (n,)."""

    seen: Seen
    labels: np.ndarray


def softmax(reference: Reference, seen: Seen) -> np.ndarray:
    """1 − the highest probability (Hendrycks & Gimpel 2017)."""
    shares = np.exp(seen.logits - seen.logits.max(1, keepdims=True))
    return np.asarray(1 - (shares / shares.sum(1, keepdims=True)).max(1))


def energy(reference: Reference, seen: Seen) -> np.ndarray:
    """−log Σ exp of the logits (Liu et al. 2020)."""
    most = seen.logits.max(1)
    return np.asarray(-(most + np.log(np.exp(seen.logits - most[:, None]).sum(1))))


def neighbours(reference: Reference, seen: Seen) -> np.ndarray:
    """Mean cosine distance to the nearest known embeddings (Sun et al. 2022): that of `mtaa.signatures.strangeness`."""
    return distance(directions(reference.seen.embeddings), directions(seen.embeddings))


def mahalanobis(reference: Reference, seen: Seen) -> np.ndarray:
    """Squared distance to the nearest class mean under the covariance that the classes share (Lee et al. 2018)."""
    known = reference.seen.embeddings.astype(np.float64)
    centre, spread = known.mean(0), known.std(0) + 1e-3
    known, asked = (known - centre) / spread, (seen.embeddings - centre) / spread
    means = np.stack([known[reference.labels == label].mean(0) for label in np.unique(reference.labels)])
    rest = known - means[np.unique(reference.labels, return_inverse=True)[1]]
    inverse = np.linalg.inv(rest.T @ rest / len(rest) + SHRINKAGE * np.eye(len(centre)))
    apart = asked[:, None] - means
    return np.asarray(np.einsum("nkd,de,nke->nk", apart, inverse, apart, optimize=True).min(1))


SCORES: dict[str, Callable[[Reference, Seen], np.ndarray]] = {
    "softmax": softmax,
    "energy": energy,
    "neighbours": neighbours,
    "mahalanobis": mahalanobis,
}


def open_set_rate(known: np.ndarray, right: np.ndarray, strange: np.ndarray) -> float:
    """The area under the rate of known examples that are `right` (n,) and pass, over that of strange ones that pass,
    from their scores `known` (n,) and `strange` (m,), as the threshold falls."""
    ends = np.concatenate([[-np.inf], np.unique(np.concatenate([known, strange]))])
    ordered, passing = np.sort(known[right]), np.searchsorted(np.sort(strange), ends, "right") / len(strange)
    return float(np.trapezoid(np.searchsorted(ordered, ends, "right") / len(known), passing))
