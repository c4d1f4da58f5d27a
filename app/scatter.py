"""Maps of points as functions of plain values, legible on light and on dark ground."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

HEIGHT = 560
GREY, STAR, INK = "#9aa5b1", "#e5484d", "#1d2630"
# Blue over plum to orange: neither end sinks into a white or a dark ground.
WEAK_TO_STRONG = [[0, "#3f8fd0"], [0.5, "#a55a9c"], [1, "#e8862e"]]
SYMBOLS_2D = ("circle", "diamond", "square", "triangle-up", "cross", "x", "pentagon", "triangle-down", "star-square")
SYMBOLS_3D = ("circle", "diamond", "square", "cross", "x", "circle-open", "diamond-open", "square-open")
MANY = 10_000  # points, beyond which they are small discs in fewer pixels, and none has a text of its own
FINE = 1e-4  # of a map's width, to which points are drawn: a tenth of a pixel
CONFIG = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["toImage", "autoScale2d", "resetCameraLastSave3d"],
    "responsive": True,
}


@dataclass(frozen=True)
class Group:
    """Points of one kind: their places among all, in one colour of the theme, or in `colour` where one is given."""

    name: str
    places: np.ndarray
    colour: str | None = None


def config(count: int) -> dict[str, object]:
    """Plotly's configuration for a map of `count` points."""
    return CONFIG | {"plotGlPixelRatio": 1} if count > MANY else CONFIG


def groups(points: np.ndarray, kinds: list[Group], texts: list[str]) -> go.Figure:
    """Points (n, 2) or (n, 3), one trace a kind in a colour and a symbol of its own.

    `texts` (n) are shown on hover; where there are none, the kind and the number.
    """
    figure, points = go.Figure(), _rounded(points)
    symbols: tuple[str, ...] = SYMBOLS_2D if points.shape[1] == 2 else SYMBOLS_3D
    if len(points) > MANY:
        symbols = symbols[:1]  # others can't be told apart as small as that, and take longer
    for number, kind in enumerate(kinds):
        marker = {"symbol": symbols[number % len(symbols)]} | ({"color": kind.colour} if kind.colour else {})
        _add(figure, points, kind.places, kind.name, texts, marker)
    return _framed(figure, points.shape[1])


def scale(points: np.ndarray, values: np.ndarray, title: str, grey: Group, texts: list[str]) -> go.Figure:
    """Points coloured by `values` (n,) from 0 to 1; those of the group `grey` have none. `texts` as in `groups`."""
    figure, points = go.Figure(), _rounded(points)
    coloured = np.setdiff1d(np.arange(len(points)), grey.places)
    bar = {"title": {"text": title, "side": "right"}, "thickness": 10, "tickformat": ".0%", "outlinewidth": 0}
    marker = {
        "color": values[coloured].round(3).tolist(),
        "colorscale": WEAK_TO_STRONG,
        "cmin": 0,
        "cmax": 1,
        "colorbar": bar,
    }
    _add(figure, points, grey.places, grey.name, texts, {"color": GREY})
    _add(figure, points, coloured, title, texts, {**marker, "showscale": True})
    return _framed(figure, points.shape[1]).update_layout(showlegend=False)


def mark(figure: go.Figure, points: np.ndarray, names: list[str], far: Sequence[bool] = ()) -> go.Figure:
    """A figure with new points (m, 2) or (m, 3) on top, numbered where there are several; `names` show on hover.

    `far` (m) are hollow: those that lie far off the known ones; none where it is empty.
    """
    if not names:
        return figure
    figure = go.Figure(figure)  # the given one may be in use elsewhere
    flat = points.shape[1] == 2
    hollow = list(far) or [False] * len(names)
    marker = {
        "symbol": "star" if flat else ["diamond-open" if is_far else "diamond" for is_far in hollow],
        "size": 20 if flat else 10,
        "color": ["white" if is_far and flat else STAR for is_far in hollow],  # in space outlines are not drawn
        "opacity": 1,
        "line": {"color": [STAR if is_far else "white" for is_far in hollow], "width": 1.5},
    }
    figure.add_trace(
        _kind(flat)(
            **_axes(points),
            mode="markers",
            hovertext=names,
            hovertemplate="%{hovertext}<extra></extra>",
            marker=marker,
            **({"unselected": {"marker": {"opacity": 1}}} if flat else {}),  # only known examples are selected
            name="your images" if len(names) > 1 else "your image",
        )
    )
    if len(names) > 1:
        numbers = [_number(str(place + 1), spot) for place, spot in enumerate(points)]
        figure.update_layout({"annotations": numbers} if flat else {"scene": {"annotations": numbers}})
    return figure


def _number(text: str, spot: np.ndarray) -> dict[str, object]:
    """A number above a point, on a ground of its own: known examples of every colour may lie below."""
    return {
        **dict(zip("xyz", spot.tolist(), strict=False)),
        "text": text,
        "showarrow": False,
        "yshift": 20,
        "font": {"size": 13, "color": INK},
        "bgcolor": "white",
        "bordercolor": STAR,
        "borderpad": 1,
    }


def _add(
    figure: go.Figure, points: np.ndarray, places: np.ndarray, name: str, texts: list[str], marker: Mapping[str, object]
) -> None:
    flat = points.shape[1] == 2
    if len(places):
        figure.add_trace(
            _kind(flat)(
                **_axes(points[places]),
                mode="markers",
                name=name,
                customdata=places.tolist(),
                **_hover(places, texts),
                marker={"size": _size(len(points), flat), "opacity": 0.75, **marker},
            )
        )


def _size(count: int, flat: bool) -> float:
    if not flat:
        return 2.5 if count <= MANY else 1.5
    return 7 if count <= MANY else 4


def _hover(places: np.ndarray, texts: list[str]) -> dict[str, object]:
    if not texts:
        return {"hovertemplate": "%{fullData.name}, example %{customdata}<extra></extra>"}
    return {"hovertext": [texts[place] for place in places], "hovertemplate": "%{hovertext}<extra></extra>"}


def _kind(flat: bool) -> type:
    return go.Scattergl if flat else go.Scatter3d


def _axes(points: np.ndarray) -> dict[str, list[float]]:
    """Plain lists: an array is sent packed, and Plotly.js unpacks it at every turn, takes it for new and draws anew."""
    return {axis: values.tolist() for axis, values in zip("xyz", points.T, strict=False)}


def _rounded(points: np.ndarray) -> np.ndarray:
    """`points` as they are drawn, in short decimals."""
    width = float(np.ptp(points, 0).max()) if len(points) else 0.0
    return np.round(points.astype(np.float64), int(np.ceil(-np.log10(FINE * width))) if width else 0)


def _framed(figure: go.Figure, dimensions: int) -> go.Figure:
    """Without axes: on such a map only nearness has a meaning, directions and units have none."""
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        legend={"orientation": "h", "yanchor": "top", "y": -0.01, "x": 0, "itemsizing": "constant"},
        uirevision="kept",
        dragmode="select" if dimensions == 2 else "orbit",
    )
    if dimensions == 2:
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False, scaleanchor="x")
    else:
        quiet = {"showticklabels": False, "title": "", "showspikes": False, "showbackground": False}
        ground = {"gridcolor": "rgba(128,140,155,0.25)", "zeroline": False}
        figure.update_layout(scene={f"{axis}axis": {**quiet, **ground} for axis in "xyz"} | {"aspectmode": "cube"})
    return figure
