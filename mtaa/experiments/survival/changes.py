"""What happens to an image on its way to an analyst, as changes of its pixels."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from mtaa.images import controls

AGAIN = 95
Change = Callable[[np.ndarray, float, int], np.ndarray]
"""Images (n, C, H, W) uint8, a strength and a seed, to changed images alike."""


@dataclass(frozen=True)
class Step:
    """One change at one strength; `said` is how a table names it, strength included. `stored`: the quality, where an
    analyst is given a JPEG file of it."""

    name: str
    strength: float
    said: str
    stored: int | None = None


def _control(name: str) -> Change:
    def change(images: np.ndarray, strength: float, seed: int) -> np.ndarray:
        return controls.apply(name, images, np.full(len(images), strength), seed)

    return change


def _saved(form: str) -> Change:
    """Written as a lossless file of `form` and read again; grey stays grey, whatever the format makes of it."""

    def change(images: np.ndarray, strength: float, seed: int) -> np.ndarray:
        return np.stack([_again(image, form) for image in images])

    return change


def _again(image: np.ndarray, form: str) -> np.ndarray:
    grey, buffer = len(image) == 1, BytesIO()
    Image.fromarray(image[0] if grey else image.transpose(1, 2, 0)).save(buffer, form, lossless=True)
    read = Image.open(buffer)
    return np.asarray(read.convert("L"))[None] if grey else np.asarray(read.convert("RGB")).transpose(2, 0, 1)


def _twice(images: np.ndarray, strength: float, seed: int) -> np.ndarray:
    """JPEG of quality `strength`, then of `AGAIN`."""
    return CHANGES["jpeg"](CHANGES["jpeg"](images, strength, seed), AGAIN, seed)


def _cropped(images: np.ndarray, strength: float, seed: int) -> np.ndarray:
    """Each image is JPEG of quality `strength` as the middle of a larger one that its borders go on in; its place in
    the blocks is drawn, and never that of the first pixel of one."""
    dice = np.random.default_rng(seed)
    return np.stack([_cut(image, strength, *divmod(int(dice.integers(1, 64)), 8)) for image in images])


def _cut(image: np.ndarray, quality: float, row: int, column: int) -> np.ndarray:
    down, across = 16 - row, 16 - column  # the first whole block begins at row and column of the image
    larger = np.pad(image, ((0, 0), (down, 16), (across, 16)), mode="edge")
    again = controls.jpeg(larger, quality, 0)
    return again[:, down : down + image.shape[1], across : across + image.shape[2]]


CHANGES: dict[str, Change] = {
    "png": _saved("PNG"),
    "webp_lossless": _saved("WEBP"),
    "jpeg": _control("jpeg"),
    "jpeg_twice": _twice,
    "jpeg_cropped": _cropped,
    "webp": _control("webp"),
    "depth": _control("depth"),
    "resize": _control("resize"),
    "blur": _control("blur"),
    "noise": _control("noise"),
}
PLAN = (
    Step("png", 0, "PNG"),
    Step("webp_lossless", 0, "WebP, lossless"),
    *(Step("jpeg", quality, f"JPEG, quality {quality}", quality) for quality in (100, 98, 95, 90, 75, 50, 30, 10)),
    *(Step("jpeg_twice", quality, f"JPEG, quality {quality}, then {AGAIN}", AGAIN) for quality in (90, 75, 50)),
    *(Step("jpeg_cropped", quality, f"JPEG, quality {quality}, of a larger image") for quality in (95, 90, 75, 50)),
    *(Step("webp", quality, f"WebP, quality {quality}") for quality in (95, 75)),
    *(Step("depth", bits, f"{bits} bits a value") for bits in (7, 6, 5, 4, 3, 2)),
    *(Step("resize", scale, f"resized to {scale} % and back") for scale in (90, 75, 50)),
    *(Step("blur", sigma, f"blur, σ {sigma:g} pixels") for sigma in (0.3, 0.5, 0.7, 1, 1.5)),
    *(Step("noise", sigma, f"noise, σ {sigma:g} grey levels") for sigma in (0.5, 1, 2, 5)),
)
