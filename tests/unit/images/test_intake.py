import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFile

from mtaa.core.errors import InputError
from mtaa.core.files import sha256_bytes
from mtaa.images.intake import MAX_BYTES, read

SIDE = 28
GREY = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
COLOUR = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)


def encoded(image: Image.Image | np.ndarray, form: str = "PNG", **options: Any) -> bytes:
    buffer = BytesIO()
    (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(buffer, form, **options)
    return buffer.getvalue()


def png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    """A PNG written by hand, for what Pillow does not write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def palette(transparent: bool) -> bytes:
    image = Image.fromarray(GREY // 64).convert("P")
    image.putpalette([value for level in range(4) for value in (level, 10 * level, 50 * level)])
    return encoded(image, transparency=bytes([255, 0])) if transparent else encoded(image)


def attempt(data: bytes) -> np.ndarray | str:
    """Pixels, or the sentence of the refusal; anything else is raised."""
    try:
        return read(data, "x", 1, SIDE).pixels
    except InputError as error:
        return str(error)


def refusal(data: bytes, channels: int = 1, name: str = "x.png") -> str:
    with pytest.raises(InputError) as caught:
        read(data, name, channels, SIDE)
    sentence = str(caught.value)
    assert len(sentence.splitlines()) == 1
    assert "must" in sentence
    return sentence


@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF", "GIF"])
def test_lossless_forms_keep_every_grey_level(form: str) -> None:
    data = encoded(GREY, form)
    taken = read(data, "digit", 1, SIDE)
    assert taken.pixels.dtype == np.uint8
    assert np.array_equal(taken.pixels, GREY[None])
    seen = taken.observed
    assert (seen.format, seen.width, seen.height, seen.bytes) == (form, SIDE, SIDE, len(data))
    assert seen.sha256 == sha256_bytes(data)
    assert not any("lossy" in note for note in seen.notes)


@pytest.mark.parametrize(("form", "options"), [("PNG", {}), ("BMP", {}), ("TIFF", {}), ("WEBP", {"lossless": True})])
def test_lossless_forms_keep_every_colour(form: str, options: dict[str, Any]) -> None:
    taken = read(encoded(COLOUR, form, **options), "photo", 3, SIDE)
    assert np.array_equal(taken.pixels, COLOUR.transpose(2, 0, 1))
    assert taken.observed.notes == []


@pytest.mark.parametrize(
    ("form", "options"), [("JPEG", {"quality": 100}), ("WEBP", {"quality": 90}), ("TIFF", {"compression": "jpeg"})]
)
def test_lossy_forms_are_read_with_a_note(form: str, options: dict[str, Any]) -> None:
    taken = read(encoded(COLOUR, form, **options), "photo", 3, SIDE)
    assert "lossy" in taken.observed.notes[0]
    assert "figures of the checkpoint" in taken.observed.notes[0]


def test_format_is_told_by_content_not_by_name() -> None:
    assert read(encoded(GREY, "BMP"), "liar.png", 1, SIDE).observed.format == "BMP"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\nb\x1b[31m.png", "<script>alert(1)</script>.png", "", "C:\\x"])
def test_names_are_repeated_and_nothing_else(name: str) -> None:
    assert read(encoded(GREY), name, 1, SIDE).observed.name == name
    assert not name or name not in refusal(b"", name=name)


def test_one_bit_is_black_and_white() -> None:
    taken = read(encoded(Image.fromarray(GREY).convert("1")), "scan", 1, SIDE)
    assert set(np.unique(taken.pixels)) == {0, 255}
    assert taken.observed.mode == "1"


def test_palette_becomes_its_colours() -> None:
    level = (GREY // 64).astype(int)
    expected = np.stack([level, 10 * level, 50 * level])
    assert np.array_equal(read(palette(transparent=False), "p", 3, SIDE).pixels, expected)
    assert "transparent pixels" in refusal(palette(transparent=True), channels=3)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_must_be_opaque(mode: str) -> None:
    image = Image.fromarray(GREY).convert(mode)
    assert np.array_equal(read(encoded(image), "a", 1, SIDE).pixels, GREY[None])
    image.putalpha(Image.fromarray(np.where(np.arange(SIDE * SIDE).reshape(SIDE, SIDE) < 3, 254, 255).astype(np.uint8)))
    assert "opaque, got 3 transparent pixels" in refusal(encoded(image))


def test_a_transparent_colour_counts_where_it_occurs() -> None:
    assert "transparent pixels" in refusal(encoded(GREY, transparency=int(GREY[0, 0])))
    missing = GREY.clip(1)
    assert np.array_equal(read(encoded(missing, transparency=0), "t", 1, SIDE).pixels, missing[None])


@pytest.mark.parametrize(
    ("form", "kind"), [("PNG", np.uint16), ("TIFF", np.uint16), ("TIFF", np.int32), ("TIFF", np.float32)]
)
def test_deep_samples_are_read_only_when_exact(form: str, kind: type) -> None:
    deep = GREY.astype(np.int32) * 257
    taken = read(encoded(deep.astype(kind), form), "deep", 1, SIDE)
    assert np.array_equal(taken.pixels, GREY[None])
    assert "exact in 8 bits" in taken.observed.notes[0]
    deep[0, 0] = 1000
    assert "1 of 784 samples" in refusal(encoded(deep.astype(kind), form))


def test_deep_samples_that_are_no_numbers_are_refused() -> None:
    assert "784 of 784" in refusal(encoded(np.full((SIDE, SIDE), np.nan, dtype=np.float32), "TIFF"))


@pytest.mark.parametrize(("colour", "bands"), [(2, 3), (4, 2), (6, 4)])
def test_deep_colour_is_refused_and_never_cut_to_8_bits(colour: int, bands: int) -> None:
    rows = b"".join(b"\0" + b"\x12\x34" * bands * SIDE for _ in range(SIDE))
    assert "got 16 bits" in refusal(png(SIDE, SIDE, 16, colour, rows), channels=3)


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "LAB"])
def test_other_colour_spaces_are_refused(mode: str) -> None:
    image = Image.new("CMYK", (SIDE, SIDE)) if mode == "CMYK" else Image.fromarray(COLOUR).convert("RGB")
    data = encoded(image, "JPEG") if mode == "CMYK" else encoded(Image.new(mode, (SIDE, SIDE)), "TIFF")
    assert f"grey or RGB, got {mode}" in refusal(data, channels=3)


def test_grey_in_three_channels_serves_a_grey_checkpoint() -> None:
    taken = read(encoded(np.repeat(GREY[..., None], 3, axis=2)), "g", 1, SIDE)
    assert np.array_equal(taken.pixels, GREY[None])
    assert "three equal channels" in taken.observed.notes[0]
    assert "must be grey for this checkpoint" in refusal(encoded(COLOUR))


def test_grey_serves_a_colour_checkpoint_with_a_note() -> None:
    taken = read(encoded(GREY), "g", 3, SIDE)
    assert np.array_equal(taken.pixels, np.stack([GREY] * 3))
    assert "grey" in taken.observed.notes[0]


def test_exif_rotation_is_noted_and_not_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    taken = read(encoded(GREY, exif=exif), "turned", 1, SIDE)
    assert np.array_equal(taken.pixels, GREY[None])
    assert "analysed as stored" in taken.observed.notes[0]


def test_wrong_size_is_refused_and_says_why() -> None:
    sentence = refusal(encoded(np.zeros((224, 200), dtype=np.uint8)))
    assert "must be 28 × 28 pixels" in sentence
    assert "got 200 × 224" in sentence
    assert "never resampled" in sentence


@pytest.mark.parametrize("form", ["GIF", "PNG", "TIFF", "WEBP"])
def test_animations_are_refused_with_their_count(form: str) -> None:
    frames = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    assert "got 2 frames" in refusal(encoded(frames[0], form, save_all=True, append_images=frames[1:]))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "got 0 bytes"),
        (b"not an image at all\n", "got text"),
        (b"%PDF-1.7 ...", "got PDF"),
        (b"P5 2 2 255 \0\0\0\0", "got PGM"),
        (b"\0\0\0\x1cftypavif....", "got AVIF"),
        (b"\0\x01\x02\x03", "got bytes of no known image format"),
        (b"\x89PNG\r\n\x1a\n", "got a damaged PNG"),
    ],
)
def test_what_is_no_accepted_image_is_named(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_too_many_bytes_are_refused_before_anything_else() -> None:
    assert "at most 10 MB" in refusal(b"\0" * (MAX_BYTES + 1))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [7000, 10_000, 60_000])
def test_pixel_bombs_are_refused_by_their_header(side: int) -> None:
    assert "it was not decoded" in refusal(png(side, side, 8, 0, b"\0" * 1000))


def test_what_is_missing_is_never_filled_in_whatever_a_library_told_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = encoded(GREY)
    assert "must be whole" in refusal(data[: len(data) // 2])
    assert "must be whole" in refusal(encoded(GREY, "JPEG")[:-300])


def test_flipped_bits_are_found_by_checksum() -> None:
    data = bytearray(encoded(GREY))
    data[len(data) // 2] ^= 1
    assert "damaged" in refusal(bytes(data))


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF"])
def test_every_truncation_is_refused_or_harmless(form: str) -> None:
    options = {"lossless": True} if form == "WEBP" else {}
    data = encoded(np.repeat(GREY[..., None], 3, axis=2), form, **options)
    whole = read(data, "whole", 1, SIDE).pixels
    for length in range(0, len(data), max(1, len(data) // 97)):
        got = attempt(data[:length])
        assert len(got.splitlines()) == 1 if isinstance(got, str) else np.array_equal(got, whole)
    assert "damaged" in refusal(data[: len(data) // 2])


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF"])
def test_hostile_bytes_never_raise_anything_else(form: str) -> None:
    random = np.random.default_rng(7)
    data = encoded(GREY, form)
    for _ in range(200):
        broken = np.frombuffer(data, dtype=np.uint8).copy()
        places = random.integers(0, min(len(broken), 200), 3)
        broken[places] = random.integers(0, 256, 3)
        got = attempt(broken.tobytes())
        assert len(got.splitlines()) == 1 if isinstance(got, str) else got.shape == (1, SIDE, SIDE)
