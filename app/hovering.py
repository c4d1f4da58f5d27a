"""The picture of the example under the pointer, drawn in the browser from one sheet of all; and which one is clicked.

Plotly's own labels show text alone, and a picture asked of the server would come when the pointer is long elsewhere.
Streamlit tells of clicks only while the map is dragged about, not while boxes are drawn on it.
"""

import base64
import io

import numpy as np
import streamlit as st
from PIL import Image

from app.atlas import CHART
from mtaa import api

LARGEST_SIDE = 28  # of a picture on the sheet; larger images are averaged down
LARGEST_SHEET = 12_000_000  # bytes before compression: 15,000 grey pictures
SHOWN = 112

HTML = '<canvas role="img" aria-label="Example under the pointer"></canvas><p>Point at an example</p>'
CSS = """
canvas { display: block; border: 1px solid var(--st-border-color); image-rendering: pixelated }
p { margin: 0.25rem 0; font-size: 0.8rem; opacity: 0.8; color: var(--st-text-color); font-family: var(--st-font) }
@media (hover: none) { canvas, p { display: none } }
"""
# The chart is another element of the page and may be drawn later, or anew: it is looked for now and then.
JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  parentElement.stopHovering?.()
  const canvas = parentElement.querySelector("canvas")
  canvas.width = canvas.height = data.side
  canvas.style.width = canvas.style.height = `${data.shown}px`
  const words = parentElement.querySelector("p")
  const sheet = new Image()
  if (data.sheet) sheet.src = data.sheet
  else {
    canvas.style.display = "none"
    words.textContent = "Too many examples for pictures on pointing: click one"
  }
  let chart = null
  const leave = () => {
    chart?.removeListener?.("plotly_hover", show)
    chart?.removeListener?.("plotly_click", click)
  }
  const placeOf = event => [event.points[0].customdata].flat()[0]
  const click = event => {
    const place = placeOf(event)
    if (Number.isInteger(place)) setTriggerValue("clicked", place)
  }
  const show = event => {
    const place = placeOf(event)
    if (!Number.isInteger(place) || !sheet.naturalWidth) return
    const left = (place % data.columns) * data.side
    const top = Math.floor(place / data.columns) * data.side
    canvas.getContext("2d").drawImage(sheet, left, top, data.side, data.side, 0, 0, data.side, data.side)
    words.textContent = `Example ${place}`
  }
  const look = () => {
    const found = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`)
    if (!found?.on || found === chart) return
    leave()
    chart = found
    chart.on("plotly_hover", show)
    chart.on("plotly_click", click)
  }
  const timer = setInterval(look, 300)
  parentElement.stopHovering = () => {
    clearInterval(timer)
    leave()
  }
  return parentElement.stopHovering
}
"""
_component = st.components.v2.component("mtaa.hovering", html=HTML, css=CSS, js=JS)


def show(card: api.Card, count: int) -> int | None:
    """Render the picture's place, and return the example that was clicked just now.

    Where the examples are too many for one sheet, there is no picture, and clicks alone are told.
    """
    side = min(card.images.side, LARGEST_SIDE)
    columns = int(np.ceil(np.sqrt(count)))
    fits = count * side * side * card.images.channels <= LARGEST_SHEET
    address = _sheet(card, card.test_sha256, count, side, columns) if fits else ""
    data = {"sheet": address, "side": side, "columns": columns, "shown": SHOWN, "chart": CHART}
    clicked = _component(data=data, key="hovering", on_clicked_change=lambda: None).get("clicked")
    return clicked if isinstance(clicked, int) and 0 <= clicked < count else None


@st.cache_data(max_entries=2, show_spinner="Drawing the pictures…")
def _sheet(_card: api.Card, test_sha256: str, count: int, side: int, columns: int) -> str:
    """All examples in rows of `columns`, as a data address."""
    pixels = api.known_pixels(_card, np.arange(count))
    return "data:image/png;base64," + base64.b64encode(sheet(pixels, side, columns)).decode()


def sheet(pixels: np.ndarray, side: int, columns: int) -> bytes:
    """Pictures uint8 (n, C, H, W) as one PNG, `side` pixels each, row by row of `columns`."""
    if pixels.shape[-1] > side:
        small = [Image.fromarray(_channels_last(one)).resize((side, side), Image.Resampling.BOX) for one in pixels]
        pixels = np.stack([np.asarray(one).reshape(side, side, -1).transpose(2, 0, 1) for one in small])
    count, channels = pixels.shape[:2]
    rows = -(-count // columns)
    grid = np.zeros((rows * columns, channels, side, side), np.uint8)
    grid[:count] = pixels
    laid = grid.reshape(rows, columns, channels, side, side).transpose(2, 0, 3, 1, 4)
    buffer = io.BytesIO()
    Image.fromarray(_channels_last(laid.reshape(channels, rows * side, columns * side))).save(buffer, "PNG")
    return buffer.getvalue()


def _channels_last(pixels: np.ndarray) -> np.ndarray:
    return pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0))
