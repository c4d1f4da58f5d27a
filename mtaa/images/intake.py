"""From a stranger's bytes to the pixels that are analysed: without any loss, or not at all."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.core.verdict import Observed
from mtaa.images import containers, jpegs

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000

_BYTE_MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA"}
_DEEP_MODES = {"I;16", "I;16L", "I;16B", "I", "F"}
_ORIENTATION = 0x0112

_LOSSY = (
    "{} compression is lossy: it wipes out much of what an attack leaves behind, and the figures of the checkpoint "
    "hold for lossless images."
)
_DEPTH = "image must be exact in 8 bits a sample, got {}; give the 8-bit image as it was attacked"


@dataclass(frozen=True)
class Container:
    """Whether the compression loses anything, and the quality of a JPEG file, 1 to 100."""

    is_lossy: bool
    quality: int | None


@dataclass(frozen=True)
class Intake:
    """Pixels uint8 (C, side, side) exactly as stored in the file, the facts of the file, and of its compression."""

    pixels: np.ndarray
    observed: Observed
    container: Container


def read(data: bytes, name: str, channels: int, side: int) -> Intake:
    """The pixels of an image file, as `channels` (1 or 3) planes of `side` × `side`.

    Nothing is resampled, rotated, blended or rounded: a change of form that loses nothing is noted, any other file is
    refused. `name` is only repeated. Raises `InputError`, whose sentence never contains the name.
    """
    if not data:
        raise InputError("file must hold an image, got 0 bytes; choose another file or copy it again")
    if len(data) > MAX_BYTES:
        raise InputError(
            f"file must be at most {MAX_BYTES // 10**6} MB, got {len(data) / 1e6:.1f} MB; crop the region in question"
        )
    image = _open(data)
    _check_header(image, side, len(data))
    container = Container(containers.is_lossy(image, data), jpegs.stored_quality(image))
    observed = Observed(
        name=name,
        sha256=files.sha256_bytes(data),
        bytes=len(data),
        format=str(image.format),
        mode=image.mode,
        width=image.width,
        height=image.height,
        notes=[_LOSSY.format(image.format)] if container.is_lossy else [],
    )
    planes, notes = _decode(image, len(data))
    planes, channel_notes = _to_channels(planes, channels)
    pixels = np.ascontiguousarray(planes)
    if pixels.min() == pixels.max():
        raise InputError(f"image must show something, got level {pixels.flat[0]} in every pixel; choose another file")
    noted = observed.model_copy(update={"notes": [*observed.notes, *notes, *channel_notes]})
    return Intake(pixels, noted, container)


def _open(data: bytes) -> Image.Image:
    """The image with its header read, after PNG's checksums were verified."""
    # Above its own limit Pillow warns and above twice that it raises; ours is lower and checked before any decoding.
    try:
        # A library that draws reports tells Pillow, for the whole process, to fill what is missing with grey.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        Image.open(BytesIO(data), formats=containers.ACCEPTED).verify()
        return Image.open(BytesIO(data), formats=containers.ACCEPTED)
    except UnidentifiedImageError as error:
        accepted = "PNG, JPEG, BMP, TIFF, WebP or GIF"
        raise InputError(f"file must be a {accepted} image, got {containers.guess(data)}; export it as PNG") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        limit = MAX_PIXELS // 10**6
        raise InputError(
            f"image must have at most {limit} megapixels, its header claims far more; it was not decoded"
        ) from error
    except Exception as error:  # whatever hostile bytes make Pillow stumble on
        raise _damaged(len(data)) from error


def _check_header(image: Image.Image, side: int, size: int) -> None:
    """Refuse what the header alone shows to be unusable, so that only `side` × `side` pixels are ever decoded."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise InputError(
            f"image must have at most {MAX_PIXELS // 10**6} megapixels, its header claims {width} × {height}; "
            "it was not decoded"
        )
    try:
        frames = getattr(image, "n_frames", 1)
        deep = containers.bits_a_sample(image)
    except Exception as error:
        raise _damaged(size) from error
    if frames > 1:
        raise InputError(f"image must be a single still picture, got {frames} frames; save the one in question as PNG")
    if (width, height) != (side, side):
        raise InputError(
            f"image must be {side} × {side} pixels for this checkpoint, got {width} × {height}; crop the region at "
            "true pixels, it is never resampled because that wipes out the signature"
        )
    if image.mode not in _BYTE_MODES | _DEEP_MODES:
        raise InputError(f"image must be grey or RGB, got {image.mode}; converting colours would change the pixels")
    if deep > 8 and (image.mode in _BYTE_MODES or deep not in (16, 32)):
        raise InputError(_DEPTH.format(f"{deep} bits"))


def _damaged(size: int) -> InputError:
    """One sentence for whatever a decoder stumbled on; its own words tell an analyst nothing and stay in the cause."""
    return InputError(f"image must be whole, got damaged or truncated data in {size:,} bytes; copy the file again")


def _decode(image: Image.Image, size: int) -> tuple[np.ndarray, list[str]]:
    """Planes uint8 (1 or 3, H, W) of what the file stores, and notes on the way there."""
    try:
        image.load()
        turned = image.getexif().get(_ORIENTATION, 1) not in (None, 0, 1)
        notes = (
            ["The file asks viewers to turn or mirror it (EXIF); its pixels are analysed as stored."] if turned else []
        )
        if image.mode in _DEEP_MODES:
            return _from_deep(np.asarray(image), image.info.get("transparency")), [
                *notes,
                f"The file stores {containers.bits_a_sample(image)} bits a sample; its values are exact in 8 bits.",
            ]
        return _from_bytes(image), notes
    except InputError:
        raise
    except Exception as error:
        raise _damaged(size) from error


def _from_deep(values: np.ndarray, transparent: object) -> np.ndarray:
    levels = np.round(values / 257)
    exact = np.isfinite(levels) & (levels * 257 == values) & (levels >= 0) & (levels <= 255)
    if not exact.all():
        raise InputError(
            _DEPTH.format(f"deeper values ({int((~exact).sum())} of {exact.size} samples have no 8-bit equal)")
        )
    if transparent is not None and (values == transparent).any():
        raise _transparent(int((values == transparent).sum()))
    return levels.astype(np.uint8)[None]


def _from_bytes(image: Image.Image) -> np.ndarray:
    if image.mode in {"1", "L"} and "transparency" not in image.info:
        return np.asarray(image.convert("L"))[None]
    # Alpha hides in bands, in palettes and in a colour that counts as transparent; Pillow brings all three to RGBA.
    colours = np.asarray(image.convert("RGBA"))
    seen_through = int((colours[..., 3] != 255).sum())
    if seen_through:
        raise _transparent(seen_through)
    planes = colours[..., :3].transpose(2, 0, 1)
    return planes[:1] if image.mode in {"1", "L", "LA"} else planes


def _transparent(pixels: int) -> InputError:
    return InputError(
        f"image must be opaque, got {pixels} transparent pixels; flatten it on the background it was shown on"
    )


def _to_channels(planes: np.ndarray, channels: int) -> tuple[np.ndarray, list[str]]:
    if len(planes) == channels:
        return planes, []
    if channels == 3:
        return np.repeat(planes, 3, axis=0), ["The image is grey; its one channel stands for red, green and blue."]
    if not (planes == planes[:1]).all():
        coloured = int((planes != planes[:1]).any(axis=0).sum())
        raise InputError(
            f"image must be grey for this checkpoint, got colour in {coloured} pixels; "
            "use a checkpoint for colour images, converting to grey would change the pixels"
        )
    return planes[:1], ["The file stores colour, with three equal channels throughout; one of them is analysed."]
