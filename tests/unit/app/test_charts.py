"""Charts show the numbers they are given."""

import pytest

from app import charts


def test_bars_are_in_the_order_given_with_the_first_in_colour() -> None:
    figure = charts.bars({"FGSM": 0.9, "PGD": 0.08, "C&W": 0.02}, ["90.0%", "8.0%", "2.0%"])
    (bar,) = figure.data
    assert list(zip(bar.y, bar.x, bar.text, strict=True)) == [
        ("FGSM", 0.9, "90.0%"),
        ("PGD", 0.08, "8.0%"),
        ("C&W", 0.02, "2.0%"),
    ]
    assert list(bar.marker.color) == [charts.ACCENT, charts.MUTED, charts.MUTED]
    assert figure.layout.xaxis.range == (0, 1)
    assert figure.layout.yaxis.autorange == "reversed"


@pytest.mark.parametrize(("value", "low", "high"), [(61, 50, 70), (190, 150, 240), (5, 0, 20)])
def test_span_shows_value_interval_and_what_was_learnt(value: float, low: float, high: float) -> None:
    figure = charts.span(value, low, high, (10, 200), "/255", False)
    line, point = figure.data
    assert (tuple(line.x), tuple(point.x)) == ((low, high), (value,))
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == (10, 200)
    start, end = figure.layout.xaxis.range
    assert start == 0
    assert end > max(high, 200)


def test_an_open_span_ends_in_an_arrow_at_the_border() -> None:
    figure = charts.span(15, 13, 17, (2, 16), " logits", True)
    line = figure.data[0]
    assert line.x[1] == figure.layout.xaxis.range[1]
    assert line.marker.symbol[1] == "triangle-right"
