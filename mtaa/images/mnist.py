"""MNIST and Fashion-MNIST: 60,000 + 10,000 grey images of 28 × 28, the second part being the test split."""

from pathlib import Path

import numpy as np

from mtaa.core import paths
from mtaa.core.errors import InputError
from mtaa.images import idx
from mtaa.images.source import SOURCES, ImageSource
from mtaa.scenario.record import ImagesSpec

SIDE = 28
PARTS = ("train", "t10k")


class Mnist(ImageSource):
    """Index 0-59,999 is the training part, 60,000-69,999 the test part."""

    name = "mnist"
    names: tuple[str, ...] = tuple(str(digit) for digit in range(10))

    def __init__(self, spec: ImagesSpec):
        super().__init__(spec)
        if (spec.channels, spec.side) != (1, SIDE):
            raise InputError(
                f"images of {self.name} must be 1 channel of {SIDE} pixels, got {spec.channels} of {spec.side}; "
                "correct images.channels and images.side"
            )
        self.classes = list(self.names)
        folder = paths.data() / self.name
        self._pixels = [idx.read(self._file(folder, part, "images-idx3-ubyte")) for part in PARTS]
        self._labels = [idx.read(self._file(folder, part, "labels-idx1-ubyte")) for part in PARTS]
        self._first = len(self._labels[0])

    def _file(self, folder: Path, part: str, kind: str) -> Path:
        path = folder / f"{part}-{kind}"
        if not path.is_file():
            raise InputError(f"{self.name} must be fetched first, got no {path.name}; run: mtaa data fetch {self.name}")
        return path

    def __len__(self) -> int:
        return self._first + len(self._labels[1])

    def identity(self, index: int) -> str:
        part, place = ("train", index) if index < self._first else ("test", index - self._first)
        return f"{self.name}-{part}-{place:05d}"

    def held_out(self, index: int) -> bool:
        return index >= self._first

    def labels(self, indices: np.ndarray) -> np.ndarray:
        return self._gather(self._labels, indices).astype(np.int64)

    def pixels(self, indices: np.ndarray) -> np.ndarray:
        return self._gather(self._pixels, indices)[:, None]

    def _gather(self, parts: list[np.ndarray], indices: np.ndarray) -> np.ndarray:
        indices = np.asarray(indices)
        gathered = np.empty((len(indices), *parts[0].shape[1:]), dtype=np.uint8)
        second = indices >= self._first
        gathered[~second] = parts[0][indices[~second]]
        gathered[second] = parts[1][indices[second] - self._first]
        return gathered


class FashionMnist(Mnist):
    """Zalando's articles in MNIST's format."""

    name = "fashion_mnist"
    names = ("t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot")


SOURCES.add("mnist", Mnist, title="MNIST", description="70,000 handwritten digits", classes=10, side=SIDE)
SOURCES.add("fashion_mnist", FashionMnist, title="Fashion-MNIST", description="70,000 articles", classes=10, side=SIDE)
