"""Charts of a checkpoint's figures show the numbers they are given."""

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
