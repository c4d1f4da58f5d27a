"""How malformed files are written: encoders, chunks put together by hand, and what may become of a file."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

SIDE = 28
GREY = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
COLOUR = np.repeat(GREY[..., None], 3, axis=2)  # three equal channels, which a grey checkpoint takes

# What may become of a file, and words of the one sentence that says so; `taken` is no refusal.
OUTCOMES = {
    "empty": "got 0 bytes",
    "too many bytes": "must be at most 10 MB",
    "no image format": "must be a PNG, JPEG, BMP, TIFF, WebP or GIF image",
    "too many pixels": "it was not decoded",
    "another size": "must be 28 × 28 pixels",
    "several frames": "single still picture",
    "another colour space": "must be grey or RGB",
    "too deep": "must be exact in 8 bits",
    "transparent": "must be opaque",
    "colour": "must be grey for this checkpoint",
    "damaged": "must be whole",
    "nothing": "must show something",
}
TAKEN = "taken"
BROKEN = frozenset({"damaged", "no image format"})
ANY = frozenset({TAKEN, *OUTCOMES})


@dataclass(frozen=True)
class Malformed:
    """A file that somebody might drop, and what may become of it."""

    name: str
    data: bytes
    outcomes: frozenset[str]


def outcome(sentence: str | None) -> str:
    """Which of `OUTCOMES` a refusal's sentence tells of; `taken` where there is none."""
    if sentence is None:
        return TAKEN
    return next(name for name, words in OUTCOMES.items() if words in sentence)


def encoded(pixels: np.ndarray | Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """An image as Pillow writes it."""
    buffer = BytesIO()
    (Image.fromarray(pixels) if isinstance(pixels, np.ndarray) else pixels).save(buffer, form, **options)
    return buffer.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of PNG with its right checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def header(
    width: int = SIDE, height: int = SIDE, depth: int = 8, colour: int = 0, rest: tuple[int, int, int] = (0, 0, 0)
) -> bytes:
    """PNG's first chunk; `rest` is compression, filter and interlacing."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, *rest))


def rows(pixels: np.ndarray = GREY) -> bytes:
    """Rows of PNG without a filter."""
    return b"".join(b"\0" + row.tobytes() for row in pixels)


def png(*chunks: bytes) -> bytes:
    """A PNG of these chunks and the last one."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IEND", b"")


def pixels(body: bytes | None = None) -> bytes:
    """PNG's chunk of pixels."""
    return chunk(b"IDAT", zlib.compress(rows() if body is None else body))


def patched(data: bytes, place: int, new: bytes) -> bytes:
    """`data` with `new` written over it at `place`, counted from the end where negative."""
    at = place % len(data)
    return data[:at] + new + data[at + len(new) :]


def tiff(entries: list[tuple[int, int, int, int]], body: bytes = b"", following: int = 0) -> bytes:
    """A little-endian TIFF of one directory; entries are tag, type, count, value. `body` begins at byte 8."""
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    head = struct.pack("<2sHI", b"II", 42, 8 + len(body))
    return head + body + struct.pack("<H", len(entries)) + directory + struct.pack("<I", following)


def grey_tiff(**changed: int) -> list[tuple[int, int, int, int]]:
    """The directory of a plain grey TIFF whose pixels begin at byte 8, some values changed."""
    values = {
        "width": SIDE,
        "height": SIDE,
        "bits": 8,
        "compression": 1,
        "photometric": 1,
        "offset": 8,
        "samples": 1,
        "rows": SIDE,
        "size": SIDE * SIDE,
    } | changed
    tags = (256, 257, 258, 259, 262, 273, 277, 278, 279)
    return [(tag, 4, 1, value) for tag, value in zip(tags, values.values(), strict=True)]
