"""Files that are whole and yet no plain picture: renamed, swollen, of odd depth or colours, under odd names."""

import gzip
import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from tests.malformed.building import (
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

_TAKEN = frozenset({TAKEN})
_HUGE = frozenset({"too many pixels"})


def renamed() -> Iterator[Malformed]:
    """Other kinds of file with a picture's name, and hardly any bytes at all."""
    kinds = {
        "pdf": b"%PDF-1.7\n1 0 obj\n",
        "zip": b"PK\x03\x04" + b"\0" * 60,
        "gz": gzip.compress(GREY.tobytes(), mtime=0),
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "html": b"<html><body onload=alert(1)></body></html>",
        "txt": "a letter, ε and κ".encode(),
        "json": json.dumps({"image": [0] * 50}).encode(),
        "pgm": b"P5 28 28 255\n" + GREY.tobytes(),
        "ppm": b"P6 28 28 255\n" + COLOUR.tobytes(),
        "ico": b"\0\0\x01\0\x01\0" + b"\0" * 40,
        "psd": b"8BPS\0\x01" + b"\0" * 40,
        "avif": b"\0\0\0\x1cftypavif" + b"\0" * 40,
        "heic": b"\0\0\0\x1cftypheic" + b"\0" * 40,
        "jxl": b"\xff\x0a" + b"\0" * 40,
        "jp2": b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 40,
        "npy": b"\x93NUMPY\x01\0" + b"\0" * 40,
        "wav": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40,
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
        "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 40,
        "pickle": b"\x80\x04\x95\x0b\0\0\0\0\0\0\0\x8c\x02os\x94.",
        "dicom": b"\0" * 128 + b"DICM",
        "one byte": b"\x89",
        "spaces": b" " * 500,
        "zeros": b"\0" * 5000,
        "ones": b"\xff" * 5000,
    }
    yield from (Malformed(f"{kind}.png", data, frozenset({"no image format"})) for kind, data in kinds.items())
    yield Malformed("nothing.png", b"", frozenset({"empty"}))
    for form in ("BMP", "GIF", "TIFF"):
        yield Malformed(f"{form}.png", encoded(GREY, form), _TAKEN)


def bombs() -> Iterator[Malformed]:
    """Little that claims to be much, and much that is put where nobody looks."""
    for side in (7000, 60_000, 2**31 - 1):
        yield Malformed(f"bomb-{side}.png", png(header(side, side), pixels(b"\0" * 5000)), _HUGE)
    jpeg = encoded(GREY, "JPEG")
    yield Malformed("bomb.jpg", patched(jpeg, jpeg.index(b"\xff\xc0") + 5, b"\xff" * 4), _HUGE)
    yield Malformed("bomb.gif", patched(encoded(GREY, "GIF"), 6, b"\xff" * 4), _HUGE | {"another size"})
    yield Malformed("bomb.bmp", patched(encoded(GREY, "BMP"), 18, struct.pack("<ii", 50_000, 50_000)), _HUGE)
    yield Malformed("bomb.tiff", tiff(grey_tiff(width=10**6, height=10**6), GREY.tobytes()), _HUGE)
    swollen = zlib.compress(bytes(60_000_000), 9)
    yield Malformed("rows.png", png(header(), chunk(b"IDAT", swollen)), frozenset({"nothing", "damaged"}))
    yield Malformed("deflated.tiff", tiff(grey_tiff(compression=8, size=len(swollen)), swollen), BROKEN | {"nothing"})
    inside = {
        "text.png": chunk(b"zTXt", b"Comment\0\0" + swollen),
        "international.png": chunk(b"iTXt", b"Comment\0\1\0\0\0" + swollen),
        "profile.png": chunk(b"iCCP", b"profile\0\0" + swollen),
        "many.png": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(900_000), 9)) * 100,
    }
    for name, body in inside.items():
        yield Malformed(name, png(header(), body, pixels()), frozenset({TAKEN, "damaged"}))
        yield Malformed(f"late-{name}", png(header(), pixels(), body), frozenset({TAKEN, "damaged"}))
    yield Malformed("chunks.png", png(header(), chunk(b"tEXt", b"a\0b") * 20_000, pixels()), _TAKEN)
    yield Malformed("long text.png", png(header(), chunk(b"tEXt", b"a\0" + b"b" * 900_000), pixels()), _TAKEN)
    yield Malformed("heavy.png", png(header(), pixels(), bytes(10_000_000)), frozenset({"too many bytes"}))


def depths() -> Iterator[Malformed]:
    """Palettes, 1 to 32 bits, other colour spaces, alpha, several frames, and cameras that turn their pictures."""
    deep = GREY.astype(np.uint16) * 257
    for bits in (1, 2, 4):
        packed = b"".join(b"\0" + bytes(row) for row in GREY[:, : SIDE * bits // 8 + (SIDE * bits % 8 > 0)])
        yield Malformed(f"grey-{bits}.png", png(header(depth=bits), pixels(packed)), _TAKEN)
        palette = chunk(b"PLTE", bytes(level for step in range(2**bits) for level in [step * 255 // (2**bits - 1)] * 3))
        yield Malformed(f"palette-{bits}.png", png(header(depth=bits, colour=3), palette, pixels(packed)), _TAKEN)
    whole = chunk(b"PLTE", bytes(level for step in range(256) for level in [step] * 3))
    short = chunk(b"PLTE", bytes([0, 0, 0, 255, 255, 255]))
    seen_through = chunk(b"tRNS", bytes([0] * 256))
    yield Malformed("palette.png", png(header(colour=3), whole, pixels()), _TAKEN)
    yield Malformed("palette-short.png", png(header(colour=3), short, pixels()), _TAKEN | BROKEN)
    yield Malformed(
        "palette-odd.png", png(header(colour=3), chunk(b"PLTE", b"\1\2\3\4"), pixels()), BROKEN | _TAKEN | {"colour"}
    )
    yield Malformed(
        "palette-clear.png", png(header(colour=3), whole, seen_through, pixels()), frozenset({"transparent"})
    )
    yield Malformed("palette-colour.gif", encoded(Image.fromarray(GREY).convert("P"), "GIF"), _TAKEN)
    for form in ("PNG", "TIFF"):
        yield Malformed(f"exact-16.{form}", encoded(deep, form), _TAKEN)
        yield Malformed(f"inexact-16.{form}", encoded(deep + np.uint16(1), form), frozenset({"too deep"}))
    for name, values in {
        "float": GREY.astype(np.float32),
        "nan": np.full((SIDE, SIDE), np.nan, np.float32),
        "infinite": np.full((SIDE, SIDE), np.inf, np.float32),
        "negative": -GREY.astype(np.int32) - 1,
    }.items():
        yield Malformed(f"{name}.tiff", encoded(values, "TIFF"), frozenset({"too deep"}))
    for colour, bands in ((2, 3), (4, 2), (6, 4)):
        body = b"".join(b"\0" + b"\x12\x34" * bands * SIDE for _ in range(SIDE))
        yield Malformed(
            f"deep-{colour}.png", png(header(depth=16, colour=colour), pixels(body)), frozenset({"too deep"})
        )
    space = frozenset({"another colour space"})
    yield Malformed("cmyk.jpg", encoded(Image.new("CMYK", (SIDE, SIDE)), "JPEG"), space)
    for mode in ("CMYK", "LAB", "YCbCr"):
        yield Malformed(f"{mode}.tiff", encoded(Image.new(mode, (SIDE, SIDE)), "TIFF"), space)
    coloured = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    for form in ("PNG", "BMP", "TIFF"):
        yield Malformed(f"colour.{form}", encoded(coloured, form), frozenset({"colour"}))
    for side in (1, 27, 29, 224):
        size = frozenset({"another size"})
        yield Malformed(f"side-{side}.png", encoded(np.zeros((side, side), np.uint8)), size)
    for mode in ("LA", "RGBA"):
        for alpha in (255, 254, 0):
            image = Image.fromarray(GREY).convert(mode)
            image.putalpha(alpha)
            yield Malformed(
                f"{mode}-{alpha}.png", encoded(image), _TAKEN if alpha == 255 else frozenset({"transparent"})
            )
    frames: dict[str, Any] = {"save_all": True, "append_images": [Image.fromarray(255 - GREY)]}
    for form in ("GIF", "PNG", "TIFF", "WEBP"):
        moving = encoded(Image.fromarray(GREY), form, **frames)
        yield Malformed(f"moving.{form}", moving, frozenset({"several frames"}))
        yield Malformed(f"moving-cut.{form}", moving[: len(moving) * 2 // 3], BROKEN | _TAKEN | {"several frames"})
    for turn in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = turn
        yield Malformed(f"turned-{turn}.jpg", encoded(GREY, "JPEG", exif=exif), _TAKEN)
    yield Malformed("exif.png", png(header(), chunk(b"eXIf", b"\xff" * 40), pixels()), _TAKEN | BROKEN)
    about = PngImagePlugin.PngInfo()
    about.add_text("Comment", "a" * 500_000)
    yield Malformed("described.png", encoded(GREY, pnginfo=about), _TAKEN)


def named() -> Iterator[Malformed]:
    """A plain picture under every kind of name; a name is only repeated."""
    names = [
        "",
        " ",
        ".",
        "..",
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\Windows\\system.ini",
        "CON",
        "a" * 5000 + ".png",
        "Ünïcödé-日本語-🙂.png",
        "\u202egnp.exe",
        "e\u0301\u0301\u0301.png",
        "a\nb\r\nc.png",
        "a\tb\x00c\x1b[31m.png",
        "\x7f\x80\x9f.png",
        "<img src=x onerror=alert(1)>.png",
        "**b** [l](http://evil.example) :red[r] $x$.png",
        "=1+1.png",
        "'; DROP TABLE cases; --.png",
        "{name!r} %s %n.png",
        "no ending",
        "picture.png.exe",
        "-rf.png",
        "\ufeff\u200b\u2060.png",
    ]
    yield from (
        Malformed(name, png(header(), pixels(rows(GREY ^ np.uint8(place + 1)))), _TAKEN)
        for place, name in enumerate(names)
    )
