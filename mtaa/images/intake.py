"""A stranger's bytes to pixels: without loss and without resampling, or refused in one sentence."""

import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.core.verdict import Observed

LARGEST_BYTES = 10 * 2**20
LARGEST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF")
# One level of 8 bits is 257 levels of 16: only multiples of it were 8-bit images before.
WIDE_STEP = 257


@dataclass(frozen=True)
class Intake:
    """pixels: (C, H, W) uint8, what is analysed. observed: facts of the bytes, with notes on how they were read."""

    pixels: np.ndarray
    observed: Observed


def read(data: bytes, name: str, channels: int, side: int) -> Intake:
    """Pixels (channels, side, side) of an image file, exactly as stored.

    Raises `InputError` with one sentence where the bytes are no image, where reading them would change a pixel, or
    where the size is another one: resampling wipes out the signature, so it is never done.
    """
    if not data:
        raise InputError("the file must hold an image, got 0 bytes; save it again")
    if len(data) > LARGEST_BYTES:
        raise InputError(f"the file must be at most {LARGEST_BYTES >> 20} MB, got {len(data) / 2**20:.1f} MB; crop it")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _read(image, data, name, channels, side)
        except UnidentifiedImageError as error:
            known = ", ".join(FORMATS)
            raise InputError(f"the file must be an image ({known}), got something else; save it as PNG") from error
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise InputError(f"the image must have at most {LARGEST_PIXELS:,} pixels, got far more; crop it") from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise InputError("the image must be whole, got one that is cut short or damaged; save it again") from error


def _read(image: ImageFile.ImageFile, data: bytes, name: str, channels: int, side: int) -> Intake:
    width, height = image.size
    if width * height > LARGEST_PIXELS:
        raise InputError(f"the image must have at most {LARGEST_PIXELS:,} pixels, got {width * height:,}; crop it")
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        raise InputError(f"the image must be a still, got {frames} frames; save the frame in question as PNG")
    if (width, height) != (side, side):
        raise InputError(
            f"the image must be {side} × {side} pixels for this checkpoint, got {width} × {height}; crop the region at "
            "true pixels, since it is never resampled: that wipes out the signature"
        )
    notes = []
    if image.format == "JPEG" or (image.format == "WEBP" and b"VP8 " in data[:64]):
        notes.append("Lossy compression wipes out much of the signature; the checkpoint's figures hold for lossless files.")
    if image.getexif().get(0x0112, 1) != 1:
        notes.append("The file asks viewers to turn it; the pixels are analysed as stored, unturned.")
    pixels, said = _exact(image, channels)
    observed = Observed(
        name=name,
        sha256=files.sha256_bytes(data),
        bytes=len(data),
        format=image.format or "",
        mode=image.mode,
        width=width,
        height=height,
        notes=notes + said,
    )
    return Intake(pixels, observed)


def _exact(image: ImageFile.ImageFile, channels: int) -> tuple[np.ndarray, list[str]]:
    """Pixels (channels, H, W) uint8 without loss, and notes; or the refusal."""
    mode = image.mode
    if mode.startswith("I") or mode == "F":
        grey = _narrowed(np.asarray(image))
        notes = ["The file has 16 bits a pixel, all of them multiples of 257: read as the 8-bit image it was."]
        return _as_channels(grey[..., None], channels, notes)
    if mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        raise InputError(f"the image must be grey or RGB, got {mode}; conversion changes pixels, save the original as PNG")
    if mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")  # type: ignore[assignment]
    elif mode == "1":
        image = image.convert("L")  # type: ignore[assignment]
    elif mode in ("L", "RGB") and "transparency" in image.info:
        image = image.convert("RGBA")  # type: ignore[assignment]
    values = np.asarray(image)
    values = values[..., None] if values.ndim == 2 else values
    notes = []
    if image.mode in ("LA", "RGBA", "PA"):
        if (values[..., -1] != 255).any():
            raise InputError("the image must be opaque, got transparent pixels; save it without an alpha channel")
        values, notes = values[..., :-1], ["The alpha channel is fully opaque and was left out."]
    return _as_channels(values, channels, notes)


def _narrowed(values: np.ndarray) -> np.ndarray:
    whole = values.astype(np.int64)
    if (whole != values).any() or (whole % WIDE_STEP).any() or whole.min() < 0 or whole.max() > 255 * WIDE_STEP:
        raise InputError("the image must have 8 bits a channel, got more; rounding would change it, save the original")
    return (whole // WIDE_STEP).astype(np.uint8)


def _as_channels(values: np.ndarray, channels: int, notes: list[str]) -> tuple[np.ndarray, list[str]]:
    if values.shape[2] == 3 and channels == 1:
        if (values != values[..., :1]).any():
            raise InputError("the image must be grey for this checkpoint, got colours; use a checkpoint for colour images")
        values = values[..., :1]
    elif values.shape[2] == 1 and channels == 3:
        values, notes = values.repeat(3, axis=2), [*notes, "The grey image was repeated to three channels."]
    return np.ascontiguousarray(values.transpose(2, 0, 1)), notes
