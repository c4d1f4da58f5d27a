import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from mtaa.core.errors import InputError
from mtaa.core.files import sha256_bytes
from mtaa.images.intake import LARGEST_BYTES, Intake, read

GREY = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
GREY[0, 0], GREY[0, 1] = 0, 255


def packed(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def take(data: bytes, channels: int = 1) -> Intake:
    return read(data, "suspect.png", channels, 28)


def rgb(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.repeat(values[..., None], 3, axis=2))


def with_alpha(alpha: int) -> Image.Image:
    image = rgb(GREY)
    image.putalpha(alpha)
    return image


WIDE = GREY.astype(np.uint16) * 257

EXACT = {
    "grey PNG": packed(Image.fromarray(GREY)),
    "grey BMP": packed(Image.fromarray(GREY), "BMP"),
    "grey TIFF": packed(Image.fromarray(GREY), "TIFF"),
    "lossless WebP": packed(rgb(GREY), "WEBP", lossless=True),
    "RGB with equal channels": packed(rgb(GREY)),
    "opaque RGBA": packed(with_alpha(255)),
    "palette": packed(Image.fromarray(GREY).convert("P")),
    "still GIF": packed(Image.fromarray(GREY), "GIF"),
    "16 bits, once 8": packed(Image.fromarray(WIDE)),
}


@pytest.mark.parametrize("form", EXACT)
def test_lossless_forms_give_the_stored_pixels(form: str) -> None:
    taken = take(EXACT[form])
    assert taken.pixels.dtype == np.uint8
    np.testing.assert_array_equal(taken.pixels, GREY[None])
    assert taken.observed.sha256 == sha256_bytes(EXACT[form])
    assert taken.observed.bytes == len(EXACT[form])
    assert (taken.observed.width, taken.observed.height) == (28, 28)


def test_one_bit_is_black_and_white() -> None:
    taken = take(packed(Image.fromarray(GREY > 127)))
    np.testing.assert_array_equal(taken.pixels[0], np.where(GREY > 127, 255, 0))


def test_colour_checkpoint_takes_colour_and_repeats_grey() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (28, 28, 3), dtype=np.uint8)
    np.testing.assert_array_equal(take(packed(Image.fromarray(colours)), 3).pixels, colours.transpose(2, 0, 1))
    repeated = take(EXACT["grey PNG"], 3)
    np.testing.assert_array_equal(repeated.pixels, np.stack([GREY] * 3))
    assert "repeated" in repeated.observed.notes[-1]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_files_are_taken_with_a_warning(kind: str) -> None:
    taken = take(packed(Image.fromarray(GREY).convert("L"), kind) if kind == "JPEG" else packed(rgb(GREY), kind), 3)
    assert "Lossy compression" in taken.observed.notes[0]


def huge_png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def animated() -> bytes:
    other = Image.fromarray(255 - GREY)
    return packed(Image.fromarray(GREY), "GIF", save_all=True, append_images=[other])


COLOURED = np.random.default_rng(2).integers(0, 256, (28, 28, 3), dtype=np.uint8)

REFUSED = {
    "empty": (b"", "0 bytes"),
    "text": (b"just words, no image", "must be an image"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be an image"),
    "too many bytes": (b"\x89PNG" + bytes(LARGEST_BYTES), "at most 10 MB"),
    "huge by its header": (huge_png(), "at most 40,000,000 pixels"),
    "truncated PNG": (EXACT["grey PNG"][:-300], "cut short"),
    "truncated JPEG": (packed(Image.fromarray(GREY), "JPEG")[:-200], "cut short"),
    "animated": (animated(), "got 2 frames"),
    "CMYK": (packed(rgb(GREY).convert("CMYK"), "JPEG"), "got CMYK"),
    "transparent": (packed(with_alpha(200)), "must be opaque"),
    "coloured": (packed(Image.fromarray(COLOURED)), "must be grey"),
    "true 16 bits": (packed(Image.fromarray(WIDE + 1)), "8 bits a channel"),
    "other size": (packed(Image.new("L", (224, 224))), "28 × 28 pixels for this checkpoint, got 224 × 224"),
    "not square": (packed(Image.new("L", (28, 30))), "got 28 × 30"),
}


@pytest.mark.parametrize("form", REFUSED)
def test_all_else_is_refused_in_one_sentence(form: str) -> None:
    data, said = REFUSED[form]
    with pytest.raises(InputError) as caught:
        take(data)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("cut", range(0, 700, 37))
def test_no_cut_file_is_ever_half_read(cut: int) -> None:
    with pytest.raises(InputError):
        take(EXACT["grey PNG"][:cut])


def test_a_turned_file_is_read_as_stored_and_said() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    taken = take(packed(Image.fromarray(GREY), exif=exif))
    np.testing.assert_array_equal(taken.pixels[0], GREY)
    assert "as stored" in taken.observed.notes[0]


def test_a_name_is_only_a_name() -> None:
    name = "../../etc/<b>passwd</b>\n.png"
    assert read(EXACT["grey PNG"], name, 1, 28).observed.name == name
