"""What pixels tell of having been JPEG: at which quality, where its blocks lie, and whether before another time."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image

BLOCK = 8
QUALITIES = range(30, 98)
_LARGEST = 64  # pixels of the square in the middle in which displaced blocks are looked for
_APART = 1.3  # an earlier compression shows where its tables are so many times as coarse as the later one's
_STEP = 1.25
_HARMONIC = 0.05  # so near to the lowest ratio, the coarsest quality counts: multiples of 6 are multiples of 3 too
_NOISE = 0.02  # grey levels, so that a ratio of two errors near 0 means nothing
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
# The luminance table in ITU-T T.81, annex K, which IJG's encoder scales by the quality.
_STANDARD = np.array(
    [
        *(16, 11, 10, 16, 24, 40, 51, 61),
        *(12, 12, 14, 19, 26, 58, 60, 55),
        *(14, 13, 16, 24, 40, 57, 69, 56),
        *(14, 17, 22, 29, 51, 87, 80, 62),
        *(18, 22, 37, 56, 68, 109, 103, 77),
        *(24, 35, 55, 64, 81, 104, 113, 92),
        *(49, 64, 78, 87, 103, 121, 120, 101),
        *(72, 92, 95, 98, 112, 100, 103, 99),
    ]
)
_WAVES = np.cos(np.pi / BLOCK * np.outer(np.arange(BLOCK), np.arange(BLOCK) + 0.5)) / 2
_WAVES[0] /= np.sqrt(2)
_COSINES = np.kron(_WAVES, _WAVES).astype(np.float32)
_COSINES[0] = 0  # the mean of a block is left out, as in a flat image all have the same


@dataclass(frozen=True)
class Ghost:
    """At which `quality` an image was most likely JPEG, and how clearly that shows: `ratio` is about 1 where it does
    not, near 0 where it does. Its first whole block begins at `row`, `column`, 0 to 7."""

    quality: int
    ratio: float
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Ghosts:
    """Of one image: the ratio at each of `QUALITIES` with blocks from its first pixel on, and the clearest ghost of
    displaced blocks, as a crop leaves them; None where the image is too small to hold one in each place."""

    ratios: np.ndarray
    displaced: Ghost | None

    @cached_property
    def clearest(self) -> Ghost:
        """The ghost of blocks from the first pixel on."""
        return Ghost(*_lowest(self.ratios))

    def earlier(self, than: int) -> Ghost | None:
        """The ghost of tables coarser than quality `than` has: a compression before that one. None if none are.

        A finer one before it leaves nothing to see.
        """
        coarser = sum(scale(quality) >= _APART * scale(than) for quality in QUALITIES)
        return Ghost(*_lowest(self.ratios[:coarser])) if coarser else None


def ghosts(pixels: np.ndarray) -> Ghosts:
    """The ghosts in `pixels` (C, H, W) uint8, at least 8 × 8.

    In an image that was JPEG, the cosine coefficients of its blocks are near multiples of its table's steps (Farid
    2009, "Exposing digital forgeries from JPEG ghosts", sees it by compressing again). The ratio at a quality is their
    distance from such multiples to that at the two qualities with tables 1.25 times as coarse and as fine.
    """
    luma = pixels[0].astype(np.float32) if len(pixels) == 1 else np.tensordot(_LUMA, pixels.astype(np.float32), 1)
    aligned = _coefficients(luma)[::BLOCK, ::BLOCK].reshape(-1, BLOCK * BLOCK)
    ratios = _ratios(aligned, np.full((len(aligned), 1), 1 / len(aligned), np.float32))[:, 0]
    return Ghosts(ratios, _displaced(_middle(luma)))


def stored_quality(image: Image.Image) -> int | None:
    """The quality in IJG's terms, 1 to 100, of the tables in an opened JPEG file; None for any other format.

    Tables of other encoders are between qualities: the nearest is given.
    """
    tables = getattr(image, "quantization", None)
    if image.format not in {"JPEG", "MPO"} or not tables:
        return None
    row = np.array(next(iter(tables.values()))[:BLOCK])
    return min(range(100, 0, -1), key=lambda quality: int(np.abs(table(quality)[:BLOCK] - row).sum()))


def scale(quality: float) -> float:
    """IJG's percentage by which the standard tables are multiplied."""
    return 5000 / quality if quality < 50 else 200 - 2 * quality


def table(quality: float) -> np.ndarray:
    """The 64 steps of IJG's luminance table, row by row."""
    return np.clip((_STANDARD * round(scale(quality)) + 50) // 100, 1, 255)


def _middle(luma: np.ndarray) -> np.ndarray:
    """The square in the middle, cut at a multiple of a block so that blocks keep their place."""
    corner = [max(0, (size - _LARGEST) // 2 // BLOCK * BLOCK) for size in luma.shape]
    return luma[corner[0] : corner[0] + _LARGEST, corner[1] : corner[1] + _LARGEST]


def _displaced(luma: np.ndarray) -> Ghost | None:
    coefficients = _coefficients(luma)
    rows, columns = coefficients.shape[:2]
    if min(rows, columns) < BLOCK:
        return None
    ratios = _ratios(coefficients.reshape(-1, BLOCK * BLOCK), _grids(rows, columns))
    grid = int(ratios[:, 1:].min(0).argmin()) + 1  # the first are the blocks from the first pixel on
    return Ghost(*_lowest(ratios[:, grid]), *divmod(grid, BLOCK))


def _coefficients(luma: np.ndarray) -> np.ndarray:
    """Of the 8 × 8 pixels from each pixel on, the 64 cosine coefficients."""
    windows = sliding_window_view(luma, (BLOCK, BLOCK))
    return windows.reshape(*windows.shape[:2], BLOCK * BLOCK) @ _COSINES.T


@cache
def _grids(rows: int, columns: int) -> np.ndarray:
    """Of each of the 64 places that blocks may have, the share of each window (rows · columns, 64) in its mean."""
    row, column = (np.arange(size) % BLOCK for size in (rows, columns))
    place = (row[:, None] * BLOCK + column).ravel()
    mine = place[:, None] == np.arange(BLOCK * BLOCK)
    return (mine / mine.sum(0)).astype(np.float32)


def _ratios(coefficients: np.ndarray, share: np.ndarray) -> np.ndarray:
    """(qualities, groups): of windows (n, 64), each with its `share` (n, groups) in the mean of its group."""
    errors = _errors(coefficients) @ share / (BLOCK * BLOCK)
    errors = np.sqrt(errors) + _NOISE
    own, coarser, finer = _places()
    return np.asarray(2 * errors[own] / (errors[coarser] + errors[finer]))


def _errors(coefficients: np.ndarray) -> np.ndarray:
    """(tables, n): squared distance of each window's coefficients from the nearest multiples of a table's steps."""
    errors = np.empty((len(_asked()), len(coefficients)), np.float32)
    off, near = np.empty_like(coefficients), np.empty_like(coefficients)
    for place, quality in enumerate(_asked()):
        steps = table(quality).astype(np.float32)
        np.multiply(coefficients, 1 / steps, out=off)
        np.rint(off, out=near)
        off -= near
        off *= off
        errors[place] = off @ (steps * steps)
    return errors


@cache
def _asked() -> list[int]:
    return sorted({*QUALITIES, *(_apart(quality, by) for quality in QUALITIES for by in (_STEP, 1 / _STEP))})


@cache
def _places() -> tuple[list[int], list[int], list[int]]:
    """Where in `_asked` each quality is, and the ones with tables coarser and finer than it."""
    place = {quality: number for number, quality in enumerate(_asked())}
    coarser, finer = ([place[_apart(quality, by)] for quality in QUALITIES] for by in (_STEP, 1 / _STEP))
    return [place[quality] for quality in QUALITIES], coarser, finer


def _apart(quality: int, factor: float) -> int:
    """The quality whose tables are `factor` times as coarse, at least one step away."""
    wanted = scale(quality) * factor
    found = round(5000 / wanted if wanted > 100 else (200 - wanted) / 2)
    return min(found, quality - 1) if factor > 1 else max(found, quality + 1)


def _lowest(ratios: np.ndarray) -> tuple[int, float]:
    """The quality whose ratio is lowest, or the coarsest of those about as low; and that ratio."""
    place = int(np.flatnonzero(ratios <= ratios.min() + _HARMONIC)[0])
    return QUALITIES[place], float(ratios[place])
