"""What is found inside a network, as plain arrays. Numpy alone."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BlockDifference:
    """Of one block: `difference` (C, h, w) float32, fm' − fm, with its mean square and its mean absolute value."""

    name: str
    difference: np.ndarray
    mse: float
    mae: float

    @property
    def mean_size(self) -> np.ndarray:
        """(h, w) float32: mean of |fm' − fm| over channels."""
        size: np.ndarray = np.abs(self.difference).mean(axis=0)
        return size


@dataclass(frozen=True)
class Extracted:
    """What the network's own perturbation extractor holds for fm' − fm, and, with a reference, the true difference."""

    estimate: BlockDifference
    true: BlockDifference | None


@dataclass(frozen=True)
class Attribution:
    """Which pixels one answer of the network rests on.

    label: the class explained; for the intensity, the attack whose intensity it is. answer: its logit, or the
    intensity. values: (H, W) float32, summed over channels; below 0, where `is_signed`, speaks against the answer.
    in_answer_unit: whether they are shares of the answer, or only relative to each other. settings: those of the
    method, in words. placeless: shares of the answer by parts of the network, in words, that read something without a
    place in the image. delta: what values and these sum up to beyond `change`, the difference between the answers to
    this image and to a black one; both None where the method promises no such sum. without_gradient: parts of the
    network that the method can't look through, in words.
    """

    method: str
    head: str
    label: str
    answer: float
    values: np.ndarray
    is_signed: bool
    in_answer_unit: bool
    settings: str
    placeless: dict[str, float]
    delta: float | None
    change: float | None
    without_gradient: tuple[str, ...]


@dataclass(frozen=True)
class Pattern:
    """One example: what made it, and its true perturbation (C, H, W) int16 in grey levels."""

    attack: str
    victim: str
    intensity: float
    source: str
    values: np.ndarray
