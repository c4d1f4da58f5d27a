"""Pictures as bytes: enlarged without smoothing, and as small data addresses for tables."""

import base64
import io

from PIL import Image, UnidentifiedImageError

LARGE, SMALL = 448, 56


def enlarged(data: bytes, side: int = LARGE) -> bytes | None:
    """The image as PNG, each pixel a square of whole pixels; None where it can't be shown."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if max(image.size) > 4 * side:
                image.thumbnail((side, side))
            plain = image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    factor = max(1, side // max(plain.size))
    buffer = io.BytesIO()
    plain.resize((plain.width * factor, plain.height * factor), Image.Resampling.NEAREST).save(buffer, "PNG")
    return buffer.getvalue()


def thumbnail(data: bytes) -> str | None:
    """The image as a data address for a table's image column; None where it can't be shown."""
    shown = enlarged(data, SMALL)
    return None if shown is None else "data:image/png;base64," + base64.b64encode(shown).decode()
