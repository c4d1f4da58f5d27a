"""The 1,797 handwritten digits that scikit-learn ships: real images with no download, for tests and trials."""

import numpy as np
from PIL import Image

from mtaa.images.source import SOURCES, ImageSource
from mtaa.scenario.record import ImagesSpec


@SOURCES.register("digits", title="Digits", description="1,797 digits of 8 × 8 that ship with scikit-learn", classes=10)
class Digits(ImageSource):
    """Enlarged bilinearly from 8 × 8 to the scenario's side."""

    def __init__(self, spec: ImagesSpec):
        from sklearn.datasets import load_digits

        super().__init__(spec)
        self.classes = [str(digit) for digit in range(10)]
        bundle = load_digits()
        self._pixels = np.round(bundle.images * (255 / 16)).astype(np.uint8)
        self._labels = bundle.target.astype(np.int64)

    def __len__(self) -> int:
        return len(self._labels)

    def identity(self, index: int) -> str:
        return f"digits-{index:04d}"

    def labels(self, indices: np.ndarray) -> np.ndarray:
        return self._labels[indices]

    def pixels(self, indices: np.ndarray) -> np.ndarray:
        size = (self.spec.side, self.spec.side)
        enlarged = [
            np.asarray(Image.fromarray(self._pixels[i]).resize(size, Image.Resampling.BILINEAR)) for i in indices
        ]
        return np.repeat(np.stack(enlarged)[:, None], self.spec.channels, axis=1)
