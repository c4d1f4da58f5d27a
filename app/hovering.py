"""The picture of the example under the pointer, and which one is clicked.

Plotly's own labels show text alone. The browser draws the picture from one sheet of all; where they are too many for
one, it asks for the example that is pointed at, one question at a time, and remembers the answers.
Streamlit tells of clicks only while the map is dragged about, not while boxes are drawn on it.
"""

import base64
import html
import io
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from app import known, scatter
from app.atlas import CHART
from mtaa import api

LARGEST_SIDE = 28  # of a picture on the sheet; larger images are averaged down
LARGEST_SHEET = 12_000_000  # bytes before compression: 15,000 grey pictures
SHOWN = 112
REMEMBERED = 2_000  # answers in the browser
KEY, ASKED = "hovering", "hovering-asked"

HTML = '<canvas role="img" aria-label="Example under the pointer"></canvas><p>Point at an example</p>'
CSS = """
canvas { display: block; border: 1px solid var(--st-border-color); image-rendering: pixelated }
p { margin: 0.25rem 0; font-size: 0.8rem; opacity: 0.8; color: var(--st-text-color); font-family: var(--st-font) }
@media (hover: none) { canvas, p { display: none } }
"""
# The chart is another element of the page and may be drawn later, or anew: it is looked for now and then.
# What is selected is told by its outline; the points in it, of which Plotly makes a list to send, are let go before.
JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  parentElement.stopHovering?.()
  if (parentElement.answers?.of !== data.of) parentElement.answers = { of: data.of, known: new Map(), wanted: null }
  const answers = parentElement.answers
  const canvas = parentElement.querySelector("canvas")
  if (canvas.width !== data.side) canvas.width = canvas.height = data.side
  canvas.style.width = canvas.style.height = `${data.shown}px`
  const words = parentElement.querySelector("p")
  const sheet = new Image()
  if (data.sheet) sheet.src = data.sheet
  const draw = (picture, left, top) => {
    if (picture.naturalWidth)
      canvas.getContext("2d").drawImage(picture, left, top, data.side, data.side, 0, 0, data.side, data.side)
  }
  const fromSheet = place =>
    draw(sheet, (place % data.columns) * data.side, Math.floor(place / data.columns) * data.side)
  const fromAnswer = ({ place, picture, truth }) => {
    const one = new Image()
    one.onload = () => answers.wanted === place && draw(one, 0, 0)
    one.src = picture
    words.textContent = `Example ${place}: ${truth}`
  }
  let asked = null
  const ask = () => {
    const answer = answers.known.get(answers.wanted)
    if (answer) fromAnswer(answer)
    else if (asked === null && answers.wanted !== null) setTriggerValue("pointed", (asked = answers.wanted))
  }
  if (data.answer) {
    if (answers.known.size >= data.remembered) answers.known.clear()
    answers.known.set(data.answer.place, data.answer)
    ask()
  }
  let chart = null
  const placeOf = event => [event.points[0].customdata].flat()[0]
  const click = event => {
    const place = placeOf(event)
    if (Number.isInteger(place)) setTriggerValue("clicked", place)
  }
  const show = event => {
    const place = placeOf(event)
    if (!Number.isInteger(place)) return
    words.textContent = `Example ${place}`
    answers.wanted = place
    if (data.sheet) fromSheet(place)
    else ask()
  }
  const listeners = {
    plotly_hover: show,
    plotly_click: click,
    plotly_selecting: event => {
      if (event) event.points = []
    },
  }
  const leave = () => {
    for (const [name, listener] of Object.entries(listeners)) chart?.removeListener?.(name, listener)
  }
  const look = () => {
    const found = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`)
    if (!found?.on || found === chart) return
    leave()
    chart = found
    for (const [name, listener] of Object.entries(listeners)) chart.on(name, listener)
  }
  look()
  const timer = setInterval(look, 300)
  parentElement.stopHovering = () => {
    clearInterval(timer)
    leave()
  }
  return parentElement.stopHovering
}
"""
_component = st.components.v2.component("mtaa.hovering", html=HTML, css=CSS, js=JS)


def show(card: api.Card, atlas: api.Atlas) -> int | None:
    """Render the picture's place, and return the example that was clicked just now."""
    side, count = min(card.images.side, LARGEST_SIDE), len(atlas)
    columns = int(np.ceil(np.sqrt(count)))
    # Of many, the map itself holds no words either: they are asked for with the picture.
    fits = count <= scatter.MANY and count * side * side * card.images.channels <= LARGEST_SHEET
    data = {
        "of": card.signatures_sha256,
        "sheet": _sheet(card, card.test_sha256, count, side, columns) if fits else "",
        "side": side,
        "columns": columns,
        "answer": answer(card, atlas, side, st.session_state.pop(ASKED, None)),
        "remembered": REMEMBERED,
        "shown": SHOWN,
        "chart": CHART,
    }
    told = _component(data=data, key=KEY, on_clicked_change=lambda: None, on_pointed_change=_asked)
    return _place(told.get("clicked"), atlas)


def _asked() -> None:
    """Keep the question until the component is rendered, which takes its answer with it."""
    st.session_state[ASKED] = st.session_state[KEY].get("pointed")


def answer(card: api.Card, atlas: api.Atlas, side: int, asked: object) -> dict[str, Any] | None:
    """The picture of the example that the browser asks for, `side` pixels, and what is true of it."""
    place = _place(asked, atlas)
    if place is None:
        return None
    picture = _address(api.known_pixels(card, np.array([place])), side, 1)
    return {"place": place, "picture": picture, "truth": html.unescape(known.truth(atlas, card, place))}


def _place(told: object, atlas: api.Atlas) -> int | None:
    """What the browser tells, where it is the place of an example."""
    return told if isinstance(told, int) and 0 <= told < len(atlas) else None


@st.cache_data(max_entries=2, show_spinner="Drawing the pictures…")
def _sheet(_card: api.Card, test_sha256: str, count: int, side: int, columns: int) -> str:
    """All examples in rows of `columns`, as a data address."""
    return _address(api.known_pixels(_card, np.arange(count)), side, columns)


def _address(pixels: np.ndarray, side: int, columns: int) -> str:
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
