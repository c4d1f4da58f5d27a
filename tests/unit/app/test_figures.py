"""Charts of a checkpoint's figures show the numbers they are given."""

from itertools import pairwise

import pytest

from app import figures
from app.figures import Line


def test_confusion_shows_counts_and_colours_shares_of_the_row() -> None:
    chart = figures.confusion(["C&W", "clean"], [[30, 10], [0, 500]])
    (heat,) = chart.data
    assert [list(row) for row in heat.z] == [[0.75, 0.25], [0, 1]]
    assert list(heat.x) == ["C&amp;W", "clean"]
    assert [note.text for note in chart.layout.annotations] == ["30", "10", "0", "500"]
    assert chart.layout.yaxis.autorange == "reversed"


def test_a_class_without_examples_divides_by_nothing() -> None:
    (heat,) = figures.confusion(["a", "b"], [[0, 0], [1, 1]]).data
    assert list(heat.z[0]) == [0, 0]


def test_lines_have_their_intervals_as_bands() -> None:
    drawn = [Line("RMSE", [10, 20], [4, 5], [3, 4], [5, 6]), Line("bias", [10, 20], [-1, 1])]
    band, line, without = figures.lines(drawn, "ε", "error").data
    assert list(band.y) == [5, 6, 4, 3]
    assert list(band.x) == [10, 20, 20, 10]
    assert band.showlegend is False
    assert (list(line.y), list(without.y)) == ([4, 5], [-1, 1])
    assert line.text[0] == "(3.00 to 5.00)"
    assert line.line.color != without.line.color


def test_reliability_shows_points_with_uneven_intervals() -> None:
    diagonal, points = figures.reliability("attack", [0.8], [0.7], [0.5], [0.75]).data
    assert (list(diagonal.x), list(diagonal.y)) == ([0, 1], [0, 1])
    assert points.error_y.array[0] == pytest.approx(0.05)
    assert points.error_y.arrayminus[0] == pytest.approx(0.2)


@pytest.mark.parametrize(("ground", "ink"), [("#ffffff", "#1d2630"), ("#12181f", "#e3e8ed")])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.51, 0.7, 1.0])
def test_counts_are_legible_on_their_cells(ground: str, ink: str, share: float) -> None:
    counts = [[round(100 * share), round(100 * (1 - share))]]
    chart = figures.confusion(["a"], counts)
    text = "#ffffff" if chart.layout.annotations[0].font.color else ink
    assert contrast(rgb(text), painted(share, rgb(ground))) >= 4.5


def rgb(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def painted(share: float, ground: list[float]) -> list[float]:
    """The colour (3,) of a cell over the ground: that of the scale between the two stops around, in each channel."""
    stops = [(at, [float(part) for part in colour[5:-1].split(",")]) for at, colour in figures.NOTHING_TO_ALL]
    (low, one), (high, two) = next(
        pair for pair in pairwise(stops) if pair[0][0] < pair[1][0] and pair[0][0] <= share <= pair[1][0]
    )
    *colour, opacity = (
        (share - low) * b / (high - low) + (high - share) * a / (high - low) for a, b in zip(one, two, strict=True)
    )
    return [part * opacity + under * (1 - opacity) for part, under in zip(colour, ground, strict=True)]


def contrast(one: list[float], two: list[float]) -> float:
    """WCAG 2.2's ratio of two colours (3,) of 0 to 255."""
    linear = [
        [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)]
        for colour in (one, two)
    ]
    dark, light = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in linear)
    return (light + 0.05) / (dark + 0.05)


def test_a_change_is_grey_where_it_may_be_none() -> None:
    chart = figures.changes(["a", "b"], [-2, 0.5], [-3, -0.5], [-1.5, 1], "points")
    less, none = chart.data
    assert (list(less.x), list(less.y)) == ([-2], ["a"])
    assert (less.error_x.array[0], less.error_x.arrayminus[0]) == (0.5, 1)
    assert none.marker.color == figures.GREY != less.marker.color
