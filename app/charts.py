"""Charts as functions of plain values. Their colours are legible on light and on dark ground."""

import plotly.graph_objects as go

ACCENT, MUTED, BAND = "#2f7fb5", "rgba(128,140,155,0.55)", "rgba(128,140,155,0.16)"
CONFIG = {"displayModeBar": False}


def bars(probabilities: dict[str, float], texts: list[str]) -> go.Figure:
    """Horizontal bars of probabilities by title, the first on top and in colour, each with its text."""
    names = list(probabilities)
    figure = go.Figure(
        go.Bar(
            x=list(probabilities.values()),
            y=names,
            orientation="h",
            marker={"color": [ACCENT] + [MUTED] * (len(names) - 1), "cornerradius": 2},
            text=texts,
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.2%}<extra></extra>",
        )
    )
    figure.update_layout(
        height=27 * len(names) + 6,
        margin={"l": 0, "r": 54, "t": 0, "b": 0},
        bargap=0.38,
        xaxis={"range": [0, 1], "visible": False, "fixedrange": True},
        yaxis={"autorange": "reversed", "fixedrange": True, "ticksuffix": "  "},
        showlegend=False,
        dragmode=False,
    )
    return figure


def span(value: float, low: float, high: float, learnt: tuple[float, float], unit: str, is_open: bool) -> go.Figure:
    """The intensity as a point with its interval, on a band that spans what the checkpoint has learnt.

    `is_open`: the value is a lower bound, and the interval ends in an arrow.
    """
    last = max(learnt[1], value, high) * 1.06
    end = last if is_open else high
    figure = go.Figure()
    figure.add_shape(
        type="rect", x0=learnt[0], x1=learnt[1], y0=-0.55, y1=0.55, fillcolor=BAND, line_width=0, layer="below"
    )
    ends = {"symbol": ["line-ns-open", "triangle-right" if is_open else "line-ns-open"], "size": 12, "color": ACCENT}
    figure.add_scatter(
        x=[low, end], y=[0, 0], mode="lines+markers", line={"color": ACCENT, "width": 3}, marker=ends, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[value],
        y=[0],
        mode="markers",
        marker={"size": 13, "color": ACCENT},
        hovertemplate=f"%{{x:.1f}}{unit}<extra></extra>",
    )
    figure.update_layout(
        height=64,
        margin={"l": 8, "r": 8, "t": 2, "b": 24},
        xaxis={"range": [0, last], "fixedrange": True, "showgrid": False, "zeroline": False, "nticks": 6},
        yaxis={"visible": False, "fixedrange": True, "range": [-1, 1]},
        showlegend=False,
        dragmode=False,
    )
    return figure
