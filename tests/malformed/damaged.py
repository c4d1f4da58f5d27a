"""Files that were whole once: cut short at every kind of place, or with a header that lies."""

import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from tests.malformed.building import (
    ANY,
    BROKEN,
    COLOUR,
    GREY,
    SIDE,
    TAKEN,
    Malformed,
    chunk,
    encoded,
    grey_tiff,
    header,
    patched,
    pixels,
    png,
    rows,
    tiff,
)

# Bytes that are kept of a file: of its head, as a share of the whole, and all but some of its end.
HEADS, SHARES, TAILS = (1, 4, 9, 20, 33), (0.3, 0.5, 0.7, 0.9), (12, 5, 1)


def truncated() -> Iterator[Malformed]:
    """Every accepted format, cut short; what is lost may be no more than padding."""
    whole = {
        "cut.png": encoded(GREY),
        "cut.jpg": encoded(COLOUR, "JPEG", quality=95),
        "progressive.jpg": encoded(COLOUR, "JPEG", quality=95, progressive=True),
        "cut.webp": encoded(COLOUR, "WEBP", lossless=True),
        "lossy.webp": encoded(COLOUR, "WEBP", quality=80),
        "cut.gif": encoded(GREY, "GIF"),
        "cut.bmp": encoded(GREY, "BMP"),
        "cut.tiff": encoded(GREY, "TIFF"),
        "lzw.tiff": encoded(GREY, "TIFF", compression="tiff_lzw"),
    }
    for name, data in whole.items():
        lengths = [*HEADS, *(int(share * len(data)) for share in SHARES), *(len(data) - tail for tail in TAILS)]
        for length in lengths:
            yield Malformed(f"{length}-{name}", data[:length], BROKEN if length < len(data) - 12 else BROKEN | {TAKEN})


def headers() -> Iterator[Malformed]:
    """Headers that promise what is not there, each format by hand."""
    yield from (Malformed(f"header-{place}.png", data, ANY) for place, data in enumerate(_png()))
    yield from (Malformed(f"header-{place}.jpg", data, ANY) for place, data in enumerate(_jpeg()))
    yield from (Malformed(f"header-{place}.gif", data, ANY) for place, data in enumerate(_gif()))
    yield from (Malformed(f"header-{place}.bmp", data, ANY) for place, data in enumerate(_bmp()))
    yield from (Malformed(f"header-{place}.tiff", data, ANY) for place, data in enumerate(_tiff()))
    yield from (Malformed(f"header-{place}.webp", data, ANY) for place, data in enumerate(_webp()))


def _png() -> list[bytes]:
    plain = png(header(), pixels())
    fields = [
        header(width=0),
        header(height=0),
        header(width=2**31),
        header(depth=3),
        header(depth=0),
        header(colour=1),
        header(colour=5),
        header(colour=3),  # a palette that is not there
        header(rest=(9, 0, 0)),
        header(rest=(0, 7, 0)),
        header(rest=(0, 0, 2)),
        header(rest=(0, 0, 1)),  # interlaced, by rows that are not
        chunk(b"IHDR", b"\0" * 5),
        header() + header(width=64),
    ]
    return [
        *(png(field, pixels()) for field in fields),
        png(header()),
        png(pixels()),
        png(header(), pixels(b"")),
        png(header(), pixels(rows()[:300])),
        png(header(), pixels(rows() + b"\0" * 10_000)),
        png(header(), pixels(b"\x09" + rows()[1:])),  # a filter that does not exist
        png(header(), chunk(b"IDAT", b"this is not deflated")),
        png(header(), chunk(b"IDAT", zlib.compress(rows())[:-6] + b"\xff" * 6)),
        png(header(), chunk(b"\xff\0\x01\x02", b"x"), pixels()),
        patched(plain, 8, struct.pack(">I", 2**32 - 1)),
        patched(plain, 29, b"\0\0\0\0"),
        plain[:-12],
        b"\x89PNG\n\x1a\n" + plain[8:],  # as a transfer in text mode leaves it
    ]


def _jpeg() -> list[bytes]:
    data = encoded(GREY, "JPEG", quality=95)
    frame, tables, codes, scan = (data.index(mark) for mark in (b"\xff\xc0", b"\xff\xdb", b"\xff\xc4", b"\xff\xda"))
    return [
        patched(data, frame + 5, b"\0\0"),
        patched(data, frame + 7, b"\0\0"),
        patched(data, frame + 5, struct.pack(">HH", 56, 28)),
        patched(data, frame + 4, b"\x0c"),
        patched(data, frame + 9, b"\x04"),
        patched(data, frame, b"\xff\xc3"),  # lossless JPEG, which nobody decodes
        data[:tables] + data[frame:],
        data[:codes] + data[scan:],
        patched(data, tables + 2, b"\xff\xff"),
        b"\xff\xd8\xff\xd9",
        data[:scan] + b"\xff\xd9",
        data[: scan + 14] + b"\0" * 2000 + b"\xff\xd9",
    ]


def _gif() -> list[bytes]:
    data = encoded(GREY, "GIF")
    block = data.rindex(b"\x2c\0\0\0\0")
    return [
        patched(data, 6, b"\0\0\0\0"),
        patched(data, 4, b"\x30"),
        patched(data, 10, b"\0"),  # no palette
        patched(data, block + 1, struct.pack("<HH", 400, 400)),
        patched(data, block + 5, struct.pack("<HH", 900, 900)),
        patched(data, block + 10, b"\xff"),
        data[:block] + b"\x3b",
        data + b"\0" * 4096,
    ]


def _bmp() -> list[bytes]:
    data = encoded(GREY, "BMP")
    return [
        patched(data, 14, struct.pack("<I", 0)),
        patched(data, 14, struct.pack("<I", 2**31)),
        patched(data, 18, struct.pack("<i", -SIDE)),
        patched(data, 22, struct.pack("<i", -SIDE)),  # from top to bottom
        patched(data, 28, struct.pack("<H", 7)),
        patched(data, 28, struct.pack("<H", 0)),
        patched(data, 30, struct.pack("<I", 1)),  # run lengths that are none
        patched(data, 30, struct.pack("<I", 99)),
        patched(data, 10, struct.pack("<I", 10**6)),
        patched(data, 46, struct.pack("<I", 2**20)),
    ]


def _tiff() -> list[bytes]:
    body = GREY.tobytes()
    return [
        patched(encoded(GREY, "TIFF"), 4, struct.pack("<I", 10**8)),
        tiff([], body),
        tiff(grey_tiff(), body, following=8 + len(body)),  # a directory that follows itself
        tiff(grey_tiff(width=0), body),
        tiff(grey_tiff(bits=3), body),
        tiff(grey_tiff(bits=4096), body),
        tiff(grey_tiff(compression=34_999), body),
        tiff(grey_tiff(compression=5), body),
        tiff(grey_tiff(photometric=77), body),
        tiff(grey_tiff(offset=10**7), body),
        tiff(grey_tiff(samples=200), body),
        tiff(grey_tiff(rows=1), body),
        tiff(grey_tiff(size=3), body),
        tiff([(tag, 77, count, value) for tag, _, count, value in grey_tiff()], body),
        tiff([(tag, kind, 2**31, value) for tag, kind, _, value in grey_tiff()], body),
        tiff(grey_tiff() * 400, body),
    ]


def _webp() -> list[bytes]:
    data = encoded(COLOUR, "WEBP", lossless=True)
    extended = encoded(Image.fromarray(COLOUR), "WEBP", lossless=True, exif=b"Exif\0\0II*\0")
    return [
        patched(data, 4, struct.pack("<I", 4)),
        patched(data, 4, struct.pack("<I", 2**32 - 1)),
        patched(data, 16, struct.pack("<I", 2**31)),
        patched(data, 12, b"VP9X"),
        patched(data, 20, b"\0\0\0\0\0"),
        patched(extended, 20, b"\xff"),
        patched(extended, 24, b"\xff\xff\xff\xff\xff\xff"),
    ]
