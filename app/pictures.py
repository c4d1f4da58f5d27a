"""Pictures of analysed pixels: enlarged by whole factors without smoothing, at true size, and as thumbnails."""

import base64
import io

import numpy as np
import streamlit as st
from PIL import Image

from mtaa import api

LARGE, SMALL = 336, 56


def png(pixels: np.ndarray, side: int = 0) -> bytes:
    """Pixels uint8 (C, H, W) as PNG, enlarged by the largest whole factor that stays within `side`."""
    picture = Image.fromarray(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0))
    factor = max(1, side // max(picture.size))
    buffer = io.BytesIO()
    picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST).save(buffer, "PNG")
    return buffer.getvalue()


@st.cache_data(max_entries=4000, show_spinner=False)
def thumbnail(_data: bytes, _card: api.Card, sha256: str, weights_sha256: str) -> str | None:
    """The analysed image as a data address for a table, kept by its hash; None where the file is refused."""
    pixels = api.pixels(_data, _card)
    return None if pixels is None else address(pixels)


def address(pixels: np.ndarray) -> str:
    """Pixels as a data address for a table, larger images averaged down: hundreds of them travel at once."""
    small = pixels
    factor = min(pixels.shape[1:]) // SMALL
    if factor > 1:
        height, width = (side - side % factor for side in pixels.shape[1:])
        blocks = pixels[:, :height, :width].reshape(len(pixels), height // factor, factor, width // factor, factor)
        small = blocks.mean(axis=(2, 4)).round().astype(np.uint8)
    return "data:image/png;base64," + base64.b64encode(png(small, SMALL)).decode()


def show(pixels: np.ndarray, alternative: str) -> None:
    """The image enlarged, and at true pixels beneath."""
    height, width = pixels.shape[1:]
    factor = max(1, LARGE // max(height, width))
    # Twice the pixels that are asked for, so that squares stay sharp on dense screens.
    st.image(png(pixels, 2 * factor * max(height, width)), width=width * factor, alt=alternative)
    if factor == 1:
        st.caption(f"{width} × {height}, at true pixels")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.image(png(pixels), width=width, alt=f"{alternative}, at true pixels")
        st.caption(f"{width} × {height} at true pixels, {factor} × above")
