"""What a source of clean images offers. A new one is one class in a file of its own."""

from abc import ABC, abstractmethod

import numpy as np

from mtaa.core import seeds
from mtaa.core.registry import Registry
from mtaa.scenario.record import ImagesSpec, Split

SOURCES: Registry[type["ImageSource"]] = Registry("image source")

VALIDATION_SHARE, TEST_SHARE = 0.05, 0.15


class ImageSource(ABC):
    """Clean images addressed by index, decoded only when asked for."""

    classes: list[str]

    def __init__(self, spec: ImagesSpec):
        self.spec = spec

    @abstractmethod
    def __len__(self) -> int:
        """How many images there are."""

    @abstractmethod
    def identity(self, index: int) -> str:
        """What the image is in all records: stable on every machine, the same for the same picture."""

    @abstractmethod
    def labels(self, indices: np.ndarray) -> np.ndarray:
        """True classes (n,) int64 of the images at `indices`."""

    @abstractmethod
    def pixels(self, indices: np.ndarray) -> np.ndarray:
        """Images (n, C, side, side) uint8."""

    def held_out(self, index: int) -> bool | None:
        """Whether the source itself declares the image a test image; None where it has no such division."""
        return None

    def split_of(self, index: int) -> Split:
        """The only split this image and all its descendants belong to.

        A source's own test images are the test split; all else is divided by a hash of the identity.
        """
        declared = self.held_out(index)
        if declared:
            return "test"
        draw = seeds.derive("split", self.identity(index)) / 2**63
        if draw < VALIDATION_SHARE:
            return "validation"
        if declared is None and draw < VALIDATION_SHARE + TEST_SHARE:
            return "test"
        return "train"

    def indices(self, split: Split) -> np.ndarray:
        """Indices (n,) int64 of one split, ascending."""
        return np.array([index for index in range(len(self)) if self.split_of(index) == split], dtype=np.int64)


def open_source(spec: ImagesSpec) -> ImageSource:
    """The source that a scenario names. Raises `InputError` where its images are missing."""
    return SOURCES[spec.source](spec)
