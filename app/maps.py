"""Pictures of arrays as functions of plain values: panels that zoom together, each with its scale and unit."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

Kind = Literal["grey", "signed", "size", "signed over", "size over"]
SCALES: dict[Kind, Any] = {
    "grey": [[0, "#000000"], [1, "#ffffff"]],
    "signed": [[0, "#2166ac"], [0.25, "#7fb4d8"], [0.5, "#f2f2f2"], [0.75, "#ee9a76"], [1, "#b2182b"]],
    # Inferno, spelt out: Streamlit takes the darkest of Plotly's own colours for marks to put the theme's in.
    "size": [[0, "#0b0724"], [0.2, "#420a68"], [0.4, "#932667"], [0.6, "#dd513a"], [0.8, "#fca50a"], [1, "#fcffa4"]],
    # Over an image, what is near 0 must not veil it.
    "signed over": [[0, "rgba(33,102,172,1)"], [0.5, "rgba(140,140,140,0)"], [1, "rgba(178,24,43,1)"]],
    "size over": [[0, "rgba(221,81,58,0)"], [0.5, "rgba(240,120,40,0.6)"], [1, "rgba(252,200,60,1)"]],
}
CONFIG = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["toImage", "autoScale2d", "select2d", "lasso2d"],
    "responsive": True,
}
CELL, BAR, TITLE = 250, 56, 28  # heights in pixels of a picture, of the colour bar beneath, of the title above


@dataclass(frozen=True)
class Layer:
    """values (H, W), drawn from `low` to `high`; what is beyond gets the colour of the end."""

    values: np.ndarray
    kind: Kind
    low: float
    high: float
    unit: str
    opacity: float = 1.0


@dataclass(frozen=True)
class Panel:
    """Layers on top of each other under one title; the last one has the colour bar."""

    title: str
    layers: tuple[Layer, ...]


def grey(pixels: np.ndarray) -> Layer:
    """An image uint8 (C, H, W) as a layer; of a colour image the mean over channels."""
    return Layer(pixels.mean(axis=0), "grey", 0, 255, "grey level")


def signed(values: np.ndarray, bound: float, unit: str) -> Layer:
    """Values (H, W) from −bound to bound."""
    return Layer(values, "signed", -bound, bound, unit)


def size(values: np.ndarray, bound: float, unit: str) -> Layer:
    """Values (H, W) from 0 to bound."""
    return Layer(values, "size", 0, bound, unit)


def over(layer: Layer, opacity: float) -> Layer:
    """A layer as it lies over an image: clear where it is 0, and nowhere denser than `opacity`."""
    kind: Kind = "signed over" if layer.kind == "signed" else "size over"
    return replace(layer, kind=kind, opacity=opacity)


def safe(text: str) -> str:
    """A label of a checkpoint's maker as a title: what looks like a tag of Plotly's is none."""
    return text.replace("<", "<\u2060")


def panels(shown: list[Panel], columns: int = 2) -> go.Figure:
    """Panels of one shape in a grid, row by row; zooming one zooms all."""
    columns = min(columns, len(shown))
    rows = -(-len(shown) // columns)
    height = rows * (CELL + BAR + TITLE)
    figure = make_subplots(
        rows,
        columns,
        subplot_titles=[panel.title for panel in shown],
        horizontal_spacing=0.04,
        vertical_spacing=(BAR + TITLE) / (height - BAR - TITLE) if rows > 1 else 0,
    )
    for number, panel in enumerate(shown):
        row, column = divmod(number, columns)
        for layer in panel.layers[:-1]:
            figure.add_trace(_heat(layer), row + 1, column + 1)
        figure.add_trace(_heat(panel.layers[-1]), row + 1, column + 1)
        across, down = (figure.layout[f"{axis}axis{number + 1 if number else ''}"].domain for axis in "xy")
        figure.data[-1].update(
            showscale=True, colorbar=_bar(panel.layers[-1].unit, across, down[0], 8 / (height - BAR - TITLE))
        )
    return _framed(figure, shown[0].layers[0].values.shape, height)


def multiples(cells: dict[tuple[str, str], Layer], rows: list[str], columns: list[str], cell: int = 150) -> go.Figure:
    """Small layers of one shape and scale by (row, column), with one colour bar; what there is none of stays empty."""
    height = len(rows) * cell + BAR + TITLE
    figure = make_subplots(
        len(rows),
        len(columns),
        column_titles=columns,
        row_titles=rows,
        horizontal_spacing=0.02,
        vertical_spacing=0.02,
    )
    for (row, column), layer in cells.items():
        figure.add_trace(_heat(layer), rows.index(row) + 1, columns.index(column) + 1)
    if not cells:
        return figure
    last = next(reversed(cells.values()))
    figure.data[-1].update(showscale=True, colorbar=_bar(last.unit, (0.2, 0.8), 0, 8 / (height - BAR - TITLE)))
    return _framed(figure, last.values.shape, height)


def _heat(layer: Layer) -> go.Heatmap:
    return go.Heatmap(
        z=layer.values,
        zmin=layer.low,
        zmax=layer.high,
        colorscale=SCALES[layer.kind],
        opacity=layer.opacity,
        showscale=False,
        hovertemplate=f"x %{{x}}, y %{{y}}: %{{z:.3~g}} {layer.unit}<extra></extra>",
    )


def _bar(unit: str, across: tuple[float, float], bottom: float, gap: float) -> dict[str, Any]:
    return {
        "orientation": "h",
        "thickness": 8,
        "x": (across[0] + across[1]) / 2,
        "len": 0.9 * (across[1] - across[0]),
        "y": bottom - gap,
        "yanchor": "top",
        "ypad": 0,
        "outlinewidth": 0,
        "nticks": 5,
        "title": {"text": unit, "side": "top", "font": {"size": 11}},
        "tickfont": {"size": 10},
    }


def _framed(figure: go.Figure, shape: tuple[int, ...], height: int) -> go.Figure:
    """Square pixels, the first row on top, axes without numbers that zoom together."""
    figure.update_xaxes(visible=False, matches="x", constrain="domain", range=[-0.5, shape[1] - 0.5])
    figure.update_yaxes(visible=False, matches="y", constrain="domain", range=[shape[0] - 0.5, -0.5])
    figure.update_yaxes(scaleanchor="x", scaleratio=1)
    figure.update_annotations(font_size=13)
    figure.update_layout(
        height=height, margin={"l": 4, "r": 20, "t": TITLE, "b": BAR}, dragmode="zoom", uirevision="kept"
    )
    return figure
