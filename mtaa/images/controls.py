"""Changes that are no attack, for examples that a model must learn to leave alone: what cameras and programs do."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image

from mtaa.core import files, seeds
from mtaa.core.errors import InputError
from mtaa.core.registry import Registry
from mtaa.scenario.record import ControlSpec

Control = Callable[[np.ndarray, float, int], np.ndarray]
"""One image (C, H, W) uint8, its strength and its seed, to the changed image (C, H, W) uint8."""

CONTROLS: Registry[Control] = Registry("control")


@CONTROLS.register(
    "noise",
    title="sensor noise",
    description="Gaussian noise, each value by itself",
    strength="σ in grey levels",
    lowest=0,
    highest=255,
)
def noise(image: np.ndarray, strength: float, seed: int) -> np.ndarray:
    """σ = `strength` grey levels, clipped to black and white."""
    return _levels(image + strength * np.random.default_rng(seed).standard_normal(image.shape))


@CONTROLS.register(
    "jpeg",
    title="JPEG",
    description="compressed and read again",
    strength="quality",
    lowest=1,
    highest=100,
)
def jpeg(image: np.ndarray, strength: float, seed: int) -> np.ndarray:
    """Pillow's quality, rounded to a whole number, with its own choice of tables and colour subsampling."""
    buffer = BytesIO()
    Image.fromarray(image[0] if len(image) == 1 else image.transpose(1, 2, 0)).save(
        buffer, "JPEG", quality=round(strength)
    )
    decoded = np.asarray(Image.open(buffer))
    return decoded[None] if decoded.ndim == 2 else decoded.transpose(2, 0, 1)


@CONTROLS.register(
    "webp",
    title="lossy WebP",
    description="compressed with losses and read again",
    strength="quality",
    lowest=1,
    highest=100,
)
def webp(image: np.ndarray, strength: float, seed: int) -> np.ndarray:
    """Pillow's quality, rounded to a whole number. Grey is read as grey, though the format has none."""
    grey, buffer = len(image) == 1, BytesIO()
    Image.fromarray(image[0] if grey else image.transpose(1, 2, 0)).save(buffer, "WEBP", quality=round(strength))
    decoded = Image.open(buffer)
    return np.asarray(decoded.convert("L"))[None] if grey else np.asarray(decoded.convert("RGB")).transpose(2, 0, 1)


@CONTROLS.register(
    "depth",
    title="fewer bits",
    description="kept with fewer grey levels",
    strength="bits a value",
    lowest=1,
    highest=8,
)
def depth(image: np.ndarray, strength: float, seed: int) -> np.ndarray:
    """The nearest of 2 ** bits levels, evenly spread from black to white; bits rounded to a whole number."""
    steps = 2 ** round(strength) - 1
    return _levels(np.round(image / 255 * steps) * 255 / steps)


@CONTROLS.register(
    "blur",
    title="blur",
    description="Gaussian blur",
    strength="σ in pixels",
    lowest=0,
    highest=100,
)
def blur(image: np.ndarray, strength: float, seed: int) -> np.ndarray:
    """σ = `strength` pixels in both directions, edges repeated outwards."""
    from scipy.ndimage import gaussian_filter  # slow to import, and every page imports this module

    return _levels(gaussian_filter(image.astype(np.float64), (0, strength, strength), mode="nearest"))


@CONTROLS.register(
    "brightness",
    title="brightness",
    description="lighter or darker as a whole",
    strength="shift in grey levels",
    lowest=0,
    highest=255,
)
def brightness(image: np.ndarray, strength: float, seed: int) -> np.ndarray:
    """All values up or all down by `strength`, as the image's dice say, clipped to black and white."""
    return _levels(image + strength * np.random.default_rng(seed).choice((-1, 1)))


@CONTROLS.register(
    "resize",
    title="resize",
    description="made smaller and brought back",
    strength="scale in %",
    lowest=1,
    highest=100,
)
def resize(image: np.ndarray, strength: float, seed: int) -> np.ndarray:
    """To `strength` % of its height and width and back, bicubic both times."""
    height, width = image.shape[1:]
    small = (max(1, round(width * strength / 100)), max(1, round(height * strength / 100)))
    planes = [
        Image.fromarray(plane).resize(small, Image.Resampling.BICUBIC).resize((width, height), Image.Resampling.BICUBIC)
        for plane in image
    ]
    return np.stack([np.asarray(plane) for plane in planes])


def apply(name: str, images: np.ndarray, strengths: np.ndarray, seed: int) -> np.ndarray:
    """The control `name` on `images` (n, C, H, W) uint8 with `strengths` (n,): changed images, alike.

    Each image's dice follow from `seed` and its own bytes, so that what becomes of it does not depend on the others.
    """
    control = CONTROLS[name]
    dice = [seeds.derive(seed, name, files.sha256_bytes(image.tobytes())) for image in images]
    return np.stack([control(*each) for each in zip(images, strengths.tolist(), dice, strict=True)])


def check(spec: ControlSpec) -> None:
    """The control exists and has all strengths asked for. Raises `UnknownNameError` or `InputError`."""
    facts, grid = CONTROLS.entry(spec.name).facts, spec.strengths
    if grid.start < facts["lowest"] or grid.stop > facts["highest"]:
        raise InputError(
            f"strengths must be {facts['strength']}, {facts['lowest']} to {facts['highest']}, got {grid.start:g} to "
            f"{grid.stop:g}; change the grid"
        )


def _levels(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)
