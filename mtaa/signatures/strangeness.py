"""How far an image lies from everything a checkpoint knows, beside how far known examples lie from each other.

By the mean cosine distance to the nearest known embeddings (Sun et al. 2022), which noticed what a checkpoint does not
know better than probabilities, energy and Mahalanobis distance did (`mtaa experiment openset`).
"""

from dataclasses import dataclass

import numpy as np

from mtaa.signatures.atlas import Atlas

NEIGHBOURS = 5
FEWEST = 20  # known examples named alike, that a share may be of them
LARGEST = 5000  # known examples to compare with: among themselves, that takes memory by the square of their number
TASKS = ("attack", "victim")


def directions(embeddings: np.ndarray) -> np.ndarray:
    """`embeddings` (n, D), each of length 1, float32."""
    values = embeddings.astype(np.float32)
    return np.asarray(values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9))


def distance(known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Mean cosine distance (m,) of directions `asked` (m, D) to the nearest of `known` (n, D)."""
    return _nearest(1 - asked @ known.T)


def _nearest(apart: np.ndarray) -> np.ndarray:
    count = min(NEIGHBOURS, apart.shape[1])
    return np.asarray(np.partition(apart, count - 1, 1)[:, :count].mean(1))


@dataclass(frozen=True)
class Acquaintance:
    """What is known, by task: directions (n, D), and each one's distance (n,) to the nearest of others; and said (n,),
    the place of the attack that the network names.

    Others are those of other source images: two examples of one image lie near each other for the image's sake.
    """

    known: dict[str, np.ndarray]
    own: dict[str, np.ndarray]
    said: dict[str, np.ndarray]

    @classmethod
    def of(cls, atlas: Atlas, nobody: str = "none") -> "Acquaintance":
        """From the reference examples of an atlas. Clean ones have no source model, so they are not known as one."""
        known, own, said = {}, {}, {}
        attacked = np.array([name != nobody for name in atlas.about.victims])[atlas.victim]
        for task in TASKS:
            kept = np.flatnonzero(attacked) if task == "victim" else np.arange(len(atlas))
            kept = np.random.default_rng(0).permutation(kept)[:LARGEST]
            raw = atlas.embeddings[task][kept] * atlas.spread[task] + atlas.centre[task]
            known[task], source = directions(raw), atlas.source[kept]
            apart = 1 - known[task] @ known[task].T
            apart[source[:, None] == source] = np.inf
            own[task], said[task] = _nearest(apart), atlas.said_attack[kept]
        return cls(known, own, said)

    def nearer(self, task: str, embeddings: np.ndarray, said: np.ndarray) -> np.ndarray:
        """For each of `embeddings` (m, D): the share (m,) of known examples that lie nearer to what is known.

        Counted among those of which the same attack is named as `said` (m,), a place, since attacks differ in how far
        apart their examples lie; among all where these are too few.
        """
        found = distance(self.known[task], directions(embeddings))
        shares = np.empty(len(found))
        for attack in np.unique(said):
            mine, alike = said == attack, self.own[task][self.said[task] == attack]
            alike = np.sort(alike if len(alike) >= FEWEST else self.own[task])
            shares[mine] = np.searchsorted(alike, found[mine]) / len(alike)
        return shares
