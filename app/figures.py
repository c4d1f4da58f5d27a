"""Charts of how good a checkpoint is, as functions of plain values; legible on light and on dark ground."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.charts import ACCENT

ORANGE, PLUM, GREY = "#e8862e", "#a55a9c", "#8a95a3"
COLOURS = (ACCENT, ORANGE, PLUM)
GRID = "rgba(128,140,155,0.22)"
# It leaps at the half, where the text turns white, so that texts on both sides are legible on either ground.
NOTHING_TO_ALL = [
    [0, "rgba(47,127,181,0.05)"],
    [0.5, "rgba(47,127,181,0.35)"],
    [0.5, "rgba(31,95,139,0.85)"],
    [1, "rgba(31,95,139,1)"],
]


@dataclass(frozen=True)
class Line:
    """A line of figures: x, y and, where they are known, the ends of their 95 % intervals."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def confusion(titles: list[str], counts: list[list[int]]) -> go.Figure:
    """Counts in cells, a row a true class, coloured by the share of their row."""
    shares = [[count / max(1, sum(row)) for count in row] for row in counts]
    names = [name.replace("&", "&amp;").replace("<", "&lt;") for name in titles]
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=names,
            y=names,
            customdata=counts,
            zmin=0,
            zmax=1,
            colorscale=NOTHING_TO_ALL,
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="true %{y}, named %{x}: %{customdata} (%{z:.1%})<extra></extra>",
        )
    )
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            # White where the cell is dark on either ground, else the theme's own colour.
            colour = {"font": {"color": "#ffffff"}} if shares[row][column] > 0.5 else {}
            figure.add_annotation(x=column, y=row, text=f"{count:,}", showarrow=False, **colour)
    figure.update_layout(
        height=42 * len(names) + 90,
        margin={"l": 0, "r": 0, "t": 4, "b": 0},
        xaxis={"title": "named", "fixedrange": True, "showgrid": False, "tickangle": -35},
        yaxis={"title": "true", "autorange": "reversed", "fixedrange": True, "showgrid": False},
        dragmode=False,
    )
    return figure


def lines(drawn: list[Line], across: str, up: str, height: int = 260, form: str = ".2f") -> go.Figure:
    """Lines with their intervals as bands, under titles of both axes; `form` is how values are told on hover."""
    figure = go.Figure()
    for place, line in enumerate(drawn):
        colour = COLOURS[place % len(COLOURS)]
        if line.low:
            figure.add_scatter(
                x=[*line.x, *reversed(line.x)],
                y=[*line.high, *reversed(line.low)],
                fill="toself",
                fillcolor=_pale(colour),
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
            )
        ends = [f"({low:{form}} to {high:{form}})" for low, high in zip(line.low, line.high, strict=True)]
        figure.add_scatter(
            x=list(line.x),
            y=list(line.y),
            name=line.name,
            mode="lines+markers" if len(line.x) < 40 else "lines",
            line={"color": colour, "width": 2},
            marker={"size": 5},
            text=ends or [""] * len(line.x),
            hovertemplate=f"{line.name} %{{y:{form}}} %{{text}}<extra>{across} %{{x:g}}</extra>",
        )
    return _framed(figure, across, up, height)


def changes(names: list[str], values: list[float], low: list[float], high: list[float], across: str) -> go.Figure:
    """What each of `names` changes, a point with its 95 % interval a row; grey where the interval holds 0."""
    colours = [GREY if one <= 0 <= two else ACCENT for one, two in zip(low, high, strict=True)]
    figure = go.Figure()
    for name, value, one, two, colour in zip(names, values, low, high, colours, strict=True):
        figure.add_scatter(
            x=[value],
            y=[name],
            mode="markers",
            marker={"size": 9, "color": colour},
            error_x={"type": "data", "symmetric": False, "array": [two - value], "arrayminus": [value - one]},
            hovertemplate=f"%{{y}}: %{{x:+.2f}} ({one:+.2f} to {two:+.2f})<extra></extra>",
        )
    figure.add_vline(x=0, line={"color": GREY, "dash": "dash", "width": 1})
    figure.update_layout(
        height=34 * len(names) + 70,
        margin={"l": 0, "r": 8, "t": 4, "b": 0},
        xaxis={"title": across, "fixedrange": True, "gridcolor": GRID, "zeroline": False},
        yaxis={"autorange": "reversed", "fixedrange": True, "showgrid": False, "ticksuffix": "  ", "automargin": True},
        showlegend=False,
        dragmode=False,
    )
    return figure


def reliability(head: str, said: list[float], right: list[float], low: list[float], high: list[float]) -> go.Figure:
    """Share of right answers against the probability they were given; on the dashed line both are equal."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": GREY, "dash": "dash", "width": 1}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=said,
        y=right,
        mode="lines+markers",
        line={"color": ACCENT, "width": 2},
        marker={"size": 7},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [end - value for end, value in zip(high, right, strict=True)],
            "arrayminus": [value - end for end, value in zip(low, right, strict=True)],
            "color": _pale(ACCENT, 0.6),
            "thickness": 1.5,
            "width": 3,
        },
        hovertemplate=f"{head}: told %{{x:.1%}}, right %{{y:.1%}}<extra></extra>",
    )
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%")
    figure.update_yaxes(range=[0, 1.05], tickformat=".0%")
    return _framed(figure, "probability told", "share right", 300).update_layout(showlegend=False)


def _framed(figure: go.Figure, across: str, up: str, height: int) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1, "x": 0},
        dragmode=False,
        hovermode="closest",
    )
    figure.update_xaxes(title=across, fixedrange=True, gridcolor=GRID, zeroline=False)
    figure.update_yaxes(title=up, fixedrange=True, gridcolor=GRID, zerolinecolor="rgba(128,140,155,0.6)")
    return figure


def _pale(colour: str, opacity: float = 0.18) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
