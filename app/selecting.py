"""Boxes and lassos over a map of many points, drawn by the browser without a look at any point.

Plotly goes through all points and draws them anew at every move of the pointer, which takes seconds where they are
many. Here the press that would start it is taken from it, and nothing but the outline is drawn and told.
"""

import streamlit as st

from app.enclosing import Outline

# The chart is another element of the page and may be drawn later, or anew: it is looked for now and then.
JS = """
const KINDS = { select: "box", lasso: "lasso" }
const STEP = 3 // pixels between two corners of a lasso, and from a click to a box
export default function ({ data, parentElement, setStateValue }) {
  parentElement.stopSelecting?.()
  const kept = (parentElement.selecting ??= { outline: data.outline })
  const pane = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  const path = pane.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path"))
  pane.style.cssText = "position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; z-index: 2"
  const colour = getComputedStyle(parentElement.host ?? parentElement).getPropertyValue("--st-text-color")
  path.style.cssText = `fill: ${colour}; fill-opacity: 0.06; fill-rule: evenodd; stroke: ${colour}`
  let chart = null, pressed = null

  const axes = () => [chart._fullLayout.xaxis, chart._fullLayout.yaxis]
  const kind = () => KINDS[chart._fullLayout?.dragmode]
  const at = event => {
    const box = chart.getBoundingClientRect(), from = [event.clientX - box.left, event.clientY - box.top]
    return axes().map((axis, turn) => Math.max(0, Math.min(axis._length, from[turn] - axis._offset)))
  }
  const corners = ({ kind, x, y }) =>
    kind === "box" ? [[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]] : x.map((one, turn) => [one, y[turn]])
  const draw = () => {
    if (!chart?._fullLayout?.xaxis) return
    if (!pane.isConnected) chart.appendChild(pane)
    const [across, up] = axes()
    const spot = ([x, y]) => `${across._offset + across.d2p(x)},${up._offset + up.d2p(y)}`
    path.setAttribute("d", kept.outline ? `M${corners(kept.outline).map(spot).join("L")}Z` : "")
  }
  const tell = outline => {
    kept.outline = outline
    draw()
    setStateValue("outline", outline)
  }
  const inUnits = pixels => {
    const [across, up] = axes()
    return { kind: pressed.kind, x: pixels.map(([x]) => across.p2d(x)), y: pixels.map(([, y]) => up.p2d(y)) }
  }
  const start = event => {
    if (event.button > 0 || !kind() || !event.target.classList?.contains("nsewdrag")) return
    event.stopPropagation()
    if (event.type !== "pointerdown") return event.preventDefault()
    event.target.setPointerCapture(event.pointerId)
    pressed = { kind: kind(), corners: [at(event)], is_drawn: false }
  }
  const move = event => {
    if (!pressed) return
    event.stopPropagation()
    if (event.type !== "pointermove") return
    const here = at(event), last = pressed.corners.at(-1)
    if (Math.hypot(here[0] - last[0], here[1] - last[1]) < STEP) return
    pressed.corners = pressed.kind === "box" ? [pressed.corners[0], here] : [...pressed.corners, here]
    pressed.is_drawn = true
    kept.outline = inUnits(pressed.corners)
    draw()
  }
  const end = event => {
    if (!pressed) return
    event.stopPropagation()
    if (event.type !== "pointerup") return
    if (pressed.is_drawn) tell(kept.outline)
    else if (chart._hoverdata?.length) chart.emit("plotly_click", { points: chart._hoverdata })
    pressed = null
  }
  const forget = event => {
    if (!kind() || !event.target.classList?.contains("nsewdrag")) return
    event.stopPropagation()
    tell(null)
  }
  const listeners = {
    pointerdown: start, mousedown: start, touchstart: start,
    pointermove: move, mousemove: move, touchmove: move,
    pointerup: end, pointercancel: () => (pressed = null),
    dblclick: forget,
  }
  const drawings = ["plotly_relayouting", "plotly_relayout", "plotly_afterplot"]
  const leave = () => {
    for (const [name, listener] of Object.entries(listeners)) chart?.removeEventListener(name, listener, true)
    for (const name of drawings) chart?.removeListener?.(name, draw)
    pane.remove()
  }
  const look = () => {
    const found = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`)
    if (!found?.on || found === chart) return
    leave()
    chart = found
    for (const [name, listener] of Object.entries(listeners)) chart.addEventListener(name, listener, true)
    for (const name of drawings) chart.on(name, draw)
    draw()
  }
  look()
  const timer = setInterval(look, 300)
  parentElement.stopSelecting = () => {
    clearInterval(timer)
    leave()
  }
  return parentElement.stopSelecting
}
"""
_component = st.components.v2.component("mtaa.selecting", html="", js=JS)


def show(chart: str, key: str) -> dict[str, list[Outline]]:
    """Let the user draw on the chart in the container `chart`; the box or the lasso that stands there, if any.

    It stays while `key` does, whatever becomes of the chart.
    """
    # An element that was away, as on another page, begins with what was drawn before.
    data = {"chart": chart, "outline": st.session_state.get(key, {}).get("outline")}
    told = _component(data=data, key=key, on_outline_change=lambda: None).get("outline")
    found: dict[str, list[Outline]] = {"box": [], "lasso": []}
    if told is not None:
        found[told["kind"]].append({"x": told["x"], "y": told["y"]})
    return found
