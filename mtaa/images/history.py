"""What pixels tell of what was done to an image since it was made; of JPEG see `mtaa.images.jpegs`."""

import numpy as np

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
