"""What kind of file some bytes are: formats accepted, names of others, and whether the compression loses anything."""

from io import BytesIO

import numpy as np
from PIL import Image

ACCEPTED = ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF")

# Only to say what was got instead: parsers of formats that are refused anyway never see a stranger's bytes.
_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG", "a damaged PNG"),  # an accepted format comes here only when its header can't be read
    (0, b"\xff\xd8", "a damaged JPEG"),
    (0, b"GIF8", "a damaged GIF"),
    (0, b"BM", "a damaged BMP"),
    (0, b"II*\0", "a damaged TIFF"),
    (0, b"MM\0*", "a damaged TIFF"),
    (0, b"RIFF", "a damaged WebP, or sound or video"),
    (0, b"%PDF", "PDF"),
    (0, b"8BPS", "Photoshop"),
    (0, b"\x00\x00\x01\x00", "ICO"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypmif1", "HEIF"),
    (0, b"P4", "PBM"),
    (0, b"P5", "PGM"),
    (0, b"P6", "PPM"),
    (0, b"%!PS", "PostScript"),
    (0, b"<svg", "SVG"),
    (0, b"<?xml", "XML or SVG"),
    (0, b"PK\x03\x04", "ZIP archive"),
    (0, b"\x1f\x8b", "gzip archive"),
    (0, b"\x93NUMPY", "NumPy array"),
)


def as_png(pixels: np.ndarray) -> bytes:
    """Pixels (C, H, W) uint8, C being 1 or 3, as a PNG at true size."""
    buffer = BytesIO()
    Image.fromarray(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def guess(data: bytes) -> str:
    """What bytes are that could not be opened: a format that is not accepted or damaged, text, or nothing known."""
    for offset, magic, name in _OTHERS:
        if data.startswith(magic, offset):
            return name
    head = data[:512]
    is_text = b"\0" not in head and all(byte >= 32 or byte in b"\t\r\n\f" for byte in head)
    return "text" if is_text else "bytes of no known image format"


def is_lossy(image: Image.Image, data: bytes) -> bool:
    """Whether the compression of an opened image discards anything. JPEG always does, even at quality 100."""
    if image.format == "TIFF":
        return str(image.info.get("compression", "")) in {"jpeg", "tiff_jpeg", "webp"}
    return image.format in {"JPEG", "MPO"} or (image.format == "WEBP" and b"VP8 " in _riff_chunks(data))


def _riff_chunks(data: bytes) -> set[bytes]:
    found, offset = set(), 12
    while offset + 8 <= len(data):
        found.add(data[offset : offset + 4])
        size = int.from_bytes(data[offset + 4 : offset + 8], "little")
        offset += 8 + size + size % 2
    return found


def bits_a_sample(image: Image.Image) -> int:
    """Bits that the file stores for one sample. Pillow hands out 16-bit colour as 8-bit, the low bytes dropped."""
    if image.format == "TIFF":
        stored = image.tag_v2.get(258, 8)  # type: ignore[attr-defined]  # BitsPerSample
        return max(stored) if isinstance(stored, tuple) else int(stored)
    tiles = getattr(image, "tile", []) if image.format == "PNG" else []
    deep = image.mode.startswith("I;16") or any(";16" in str(tile[3]) for tile in tiles)
    return 16 if deep else 32 if image.mode in {"I", "F"} else 8
