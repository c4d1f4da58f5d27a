"""Charts as functions of plain values."""

import plotly.graph_objects as go


def bars(probabilities: dict[str, float]) -> go.Figure:
    """Horizontal bars of probabilities by title, highest on top; the first stands out."""
    names = list(probabilities)[::-1]
    values = [probabilities[name] for name in names]
    colours = ["rgba(128,140,155,0.55)"] * (len(names) - 1) + ["#2f7fb5"]
    figure = go.Figure(
        go.Bar(
            x=values,
            y=names,
            orientation="h",
            marker_color=colours,
            text=[percent(value) for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.2%}<extra></extra>",
        )
    )
    figure.update_layout(
        height=30 * len(names) + 10,
        margin={"l": 0, "r": 52, "t": 0, "b": 0},
        bargap=0.3,
        xaxis={"range": [0, 1], "visible": False, "fixedrange": True},
        yaxis={"fixedrange": True, "ticksuffix": "  "},
    )
    return figure


def span(value: float, low: float, high: float, grid: tuple[float, float], unit: str) -> go.Figure:
    """The intensity as a point with its interval on the range the checkpoint has learnt."""
    figure = go.Figure(
        go.Scatter(
            x=[value],
            y=[0],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [high - value],
                "arrayminus": [value - low],
                "width": 6,
            },
            mode="markers",
            marker={"size": 13, "color": "#2f7fb5"},
            hovertemplate=f"%{{x:.1f}}{unit}<extra></extra>",
        )
    )
    first, last = min(0.0, grid[0]), max(grid[1], high)
    figure.update_layout(
        height=62,
        margin={"l": 6, "r": 52, "t": 4, "b": 22},
        xaxis={"range": [first, last * 1.02], "fixedrange": True, "showgrid": True, "zeroline": False},
        yaxis={"visible": False, "fixedrange": True, "range": [-1, 1]},
    )
    return figure


def percent(share: float) -> str:
    """A probability as text that never claims certainty it has not."""
    if share > 0.999:
        return "> 99.9 %"
    return "< 0.1 %" if share < 0.001 else f"{share:.1%}".replace("%", " %")
