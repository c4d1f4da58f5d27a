"""What pixels and files tell of what was done to an image since it was made."""

import numpy as np
from PIL import Image

from mtaa.images.controls import jpeg

QUALITIES = range(30, 98)
_NOISE = 0.02  # grey levels, so that a ratio of two errors near 0 means nothing
# What lies between two levels, a decoder rounds one way and a later conversion to grey the other: 33 of 36 are sure.
_NARROW = {round((luma - 16) * 255 / 219 + slip) for luma in range(16, 236) for slip in (-0.01, 0)}
NEVER_NARROW = np.array([level for level in range(256) if level not in _NARROW])
BY_CHANCE = 1e-4
_LEFT = {
    bits: (
        np.unique(np.round(np.arange(2**bits) * 255 / (2**bits - 1)).astype(int)),
        np.unique(np.r_[np.arange(2**bits) << (8 - bits), 255]),
    )
    for bits in range(1, 8)
}
# Luminance row 0 of the tables in ITU-T T.81, annex K, which IJG's encoder scales by the quality.
_STANDARD = np.array([16, 11, 10, 16, 24, 40, 51, 61])


def jpeg_ghosts(images: np.ndarray) -> list[tuple[int, float]]:
    """Of each of `images` (n, C, H, W) uint8 the quality at which it was most likely JPEG, and how clearly that shows.

    An image that was JPEG changes less when compressed again at its own quality than at those around it (Farid 2009,
    "Exposing digital forgeries from JPEG ghosts"). The second value is the least ratio of the mean absolute change at
    a quality to that at the two with tables 1.25 times as coarse and as fine: about 1 without a ghost, near 0 with a
    clear one.
    """
    if images.shape[1] > 1 and len(images) > 1:  # decoders smooth colour over the borders of a sheet
        return [jpeg_ghosts(image[None])[0] for image in images]
    sheet = _sheet(images)
    errors: dict[int, np.ndarray] = {}

    def error(quality: int) -> np.ndarray:
        if quality not in errors:
            again = jpeg(sheet, quality, 0).reshape(len(sheet), len(images), -1, sheet.shape[2])
            kept = again[:, :, : images.shape[2], : images.shape[3]].transpose(1, 0, 2, 3)
            errors[quality] = np.abs(kept.astype(np.int16) - images).mean((1, 2, 3)) + _NOISE
        return errors[quality]

    ratios = np.stack(
        [2 * error(q) / (error(_coarser(q, 1.25)) + error(_coarser(q, 0.8))) for q in QUALITIES]
    )  # (qualities, n)
    best = ratios.argmin(0)
    return [(QUALITIES[place], float(ratios[place, image])) for image, place in enumerate(best.tolist())]


def _sheet(images: np.ndarray) -> np.ndarray:
    """All images in one (C, n · H', W'), each filled up to whole blocks with its last row and column.

    A JPEG encoder does the same to an image, so that each is compressed as if it were alone, in one call for all.
    """
    down, across = (-size % 16 for size in images.shape[2:])  # colour is halved before it is cut into blocks of 8
    filled = np.pad(images, ((0, 0), (0, 0), (0, down), (0, across)), mode="edge")
    return np.ascontiguousarray(filled.transpose(1, 0, 2, 3).reshape(images.shape[1], -1, filled.shape[3]))


def fine_share(pixels: np.ndarray) -> float:
    """Share of the variance of `pixels` (C, H, W) in frequencies above half of the highest; blur leaves little.

    A Hann window keeps the step from one border to the other out of it. A uniform image has none to share and gives 1.
    """
    window = np.outer(*(np.hanning(size + 2)[1:-1] for size in pixels.shape[1:]))
    centred = pixels - pixels.mean((1, 2), keepdims=True, dtype=np.float64)
    power = np.abs(np.fft.fft2(centred * window)) ** 2
    rows, columns = (np.abs(np.fft.fftfreq(size)) for size in pixels.shape[1:])
    fine = (rows[:, None] > 0.25) | (columns[None] > 0.25)
    whole = float(power.sum())
    return float(power[:, fine].sum()) / whole if whole > 1e-6 else 1.0


def narrow_levels(pixels: np.ndarray) -> int:
    """How many levels between black and white a grey image (C, H, W) uint8 takes, if all are of narrow-range luma.

    Lossy WebP and most video keep luma as 16 to 235 (ITU-R BT.601), so that of 256 grey levels the decoder leaves out
    36, every seventh. An image that takes many levels and none of those was most likely one. 0 where it takes one of
    them, or where its channels differ: then luma is not what the pixels show.
    """
    if (pixels != pixels[:1]).any():
        return 0
    levels = np.unique(pixels)
    levels = levels[(levels > 0) & (levels < 255)]
    return 0 if np.isin(levels, NEVER_NARROW).any() else len(levels)


def bit_depth(pixels: np.ndarray) -> int:
    """With how many bits a value `pixels` (C, H, W) uint8 were kept, as far as their levels tell: 1 to 8.

    Fewer than 8 where all levels are among those that so many bits leave, spread from black to white or cut off, and it
    would be chance in less than one of `1 / BY_CHANCE` images with as many levels. Black and white are in all of them.
    """
    levels = np.unique(pixels)
    inner = levels[(levels > 0) & (levels < 255)]
    for bits in range(1, 8):
        for left in _LEFT[bits]:
            share = (len(left) - 2) / 254
            if np.isin(inner, left).all() and share ** len(inner) < BY_CHANCE:
                return bits
    return 8


def stored_quality(image: Image.Image) -> int | None:
    """The quality in IJG's terms, 1 to 100, of the tables in an opened JPEG file; None for any other format.

    Tables of other encoders are between qualities: the nearest is given.
    """
    tables = getattr(image, "quantization", None)
    if image.format not in {"JPEG", "MPO"} or not tables:
        return None
    row = np.array(next(iter(tables.values()))[:8])
    scaled = {quality: np.clip((_STANDARD * _scale(quality) + 50) // 100, 1, 255) for quality in range(100, 0, -1)}
    return min(scaled, key=lambda quality: int(np.abs(scaled[quality] - row).sum()))


def _scale(quality: float) -> float:
    """IJG's percentage by which the standard tables are multiplied."""
    return 5000 / quality if quality < 50 else 200 - 2 * quality


def _coarser(quality: int, factor: float) -> int:
    """The quality whose tables are `factor` times as coarse, at least one step away."""
    scale = _scale(quality) * factor
    found = round(5000 / scale if scale > 100 else (200 - scale) / 2)
    return min(found, quality - 1) if factor > 1 else max(found, quality + 1)
