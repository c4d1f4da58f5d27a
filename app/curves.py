"""Small charts of an image's evidence as functions of plain values."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.charts import ACCENT

CONFIG = {"displayModeBar": False}


def histogram(levels: np.ndarray, counts: np.ndarray, bound: int) -> go.Figure:
    """How often each difference occurs, from −bound to bound; counts on a logarithmic scale."""
    figure = go.Figure(
        go.Bar(x=levels, y=counts, marker={"color": ACCENT}, width=1, hovertemplate="%{x:+d}: %{y} ×<extra></extra>")
    )
    figure.update_layout(
        height=200,
        margin={"l": 44, "r": 8, "t": 8, "b": 40},
        bargap=0,
        xaxis={"range": [-bound - 1, bound + 1], "title": "difference, grey levels", "fixedrange": True},
        yaxis={"type": "log", "title": "pixel values", "fixedrange": True, "dtick": 1},
    )
    return figure


def radial(frequency: np.ndarray, magnitude: np.ndarray) -> go.Figure:
    """Mean magnitude of a spectrum from coarse to fine."""
    figure = go.Figure(
        go.Scatter(
            x=frequency,
            y=magnitude,
            mode="lines+markers",
            line={"color": ACCENT, "width": 2},
            hovertemplate="%{x:.3f} cycles a pixel: %{y:.3~g}<extra></extra>",
        )
    )
    figure.update_layout(
        height=250,
        margin={"l": 52, "r": 8, "t": 8, "b": 40},
        xaxis={"title": "cycles a pixel (coarse to fine)", "fixedrange": True, "range": [-0.01, 0.51]},
        yaxis={"title": "mean |F|, grey levels", "fixedrange": True, "rangemode": "tozero"},
    )
    return figure


def by_block(names: list[str], mse: list[float], mae: list[float]) -> go.Figure:
    """Mean square and mean absolute difference of each block, side by side (Fig. 6)."""
    figure = make_subplots(1, 2, subplot_titles=["MSE", "MAE"], horizontal_spacing=0.14)
    for column, values in enumerate((mse, mae), 1):
        bars = go.Bar(x=names, y=values, marker={"color": ACCENT}, hovertemplate="%{x}: %{y:.3~g}<extra></extra>")
        figure.add_trace(bars, 1, column)
    figure.update_xaxes(fixedrange=True, tickangle=-35)
    figure.update_yaxes(fixedrange=True)
    figure.update_annotations(font_size=13)
    figure.update_layout(height=260, margin={"l": 36, "r": 8, "t": 28, "b": 80}, showlegend=False, bargap=0.3)
    return figure
