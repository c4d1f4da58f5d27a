"""Any folder of images by class, ImageNet's layout included: one sub-folder a class."""

from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from mtaa.core import files, paths
from mtaa.core.errors import InputError
from mtaa.images.source import SOURCES, ImageSource
from mtaa.scenario.record import ImagesSpec

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".webp"}
CROP_SHARE = 224 / 256


@SOURCES.register("folder", title="Folder of images", description="your own images, one sub-folder a class")
class Folder(ImageSource):
    """Images are resized so that the centre crop of side × side holds 224/256 of the shorter side, as for ImageNet.

    An image is known by the hash of its bytes, so that one picture under two names stays in one split.
    """

    def __init__(self, spec: ImagesSpec):
        super().__init__(spec)
        root = Path(spec.folder or "")
        root = root if root.is_absolute() else paths.data() / root
        if not spec.folder or not root.is_dir():
            raise InputError(
                f"images.folder must be a folder, got {spec.folder or 'nothing'}; name one with a sub-folder a class"
            )
        self.classes = sorted(entry.name for entry in root.iterdir() if entry.is_dir())
        self._files = [
            (path, label)
            for label, name in enumerate(self.classes)
            for path in sorted((root / name).iterdir())
            if path.suffix.lower() in SUFFIXES
        ]
        if len(self.classes) < 2 or not self._files:
            raise InputError(
                f"{root.name} must hold at least two sub-folders with images, got {len(self.classes)}; add some"
            )
        self._hash = cache(files.sha256_file)

    def __len__(self) -> int:
        return len(self._files)

    def identity(self, index: int) -> str:
        return f"sha256-{self._hash(self._files[index][0])[:24]}"

    def labels(self, indices: np.ndarray) -> np.ndarray:
        return np.array([self._files[index][1] for index in indices], dtype=np.int64)

    def pixels(self, indices: np.ndarray) -> np.ndarray:
        return np.stack([self._decode(self._files[index][0]) for index in indices])

    def _decode(self, path: Path) -> np.ndarray:
        side = self.spec.side
        try:
            with Image.open(path) as opened:
                image = ImageOps.exif_transpose(opened).convert("L" if self.spec.channels == 1 else "RGB")
        except (UnidentifiedImageError, OSError) as error:
            raise InputError(f"{path.name} must be a readable image, got {error}; remove it from the folder") from error
        box = round(min(image.size) * CROP_SHARE)
        left, top = (image.width - box) // 2, (image.height - box) // 2
        image = image.resize((side, side), Image.Resampling.BILINEAR, box=(left, top, left + box, top + box))
        pixels = np.asarray(image)
        return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
