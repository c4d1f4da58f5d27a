"""Panels: fixed scales, units, and axes that move together."""

import numpy as np
import pytest

from app import curves, maps

VALUES = np.linspace(-100, 100, 20).reshape(4, 5)


def test_each_panel_has_its_scale_and_its_unit() -> None:
    shown = [
        maps.Panel("a", (maps.grey(np.zeros((1, 4, 5), np.uint8)),)),
        maps.Panel("b", (maps.signed(VALUES, 64, "/255"),)),
        maps.Panel("c", (maps.size(np.abs(VALUES), 8, "logits"),)),
    ]
    figure = maps.panels(shown)
    assert [(trace.zmin, trace.zmax) for trace in figure.data] == [(0, 255), (-64, 64), (0, 8)]
    assert [trace.colorbar.title.text for trace in figure.data] == ["grey level", "/255", "logits"]
    assert [note.text for note in figure.layout.annotations] == ["a", "b", "c"]


def test_axes_move_together_and_pixels_are_square() -> None:
    figure = maps.panels([maps.Panel(str(number), (maps.signed(VALUES, 64, ""),)) for number in range(4)])
    axes = list(figure.select_yaxes())
    assert len(axes) == 4
    assert {axis.matches for axis in axes} == {"y"}
    assert {axis.matches for axis in figure.select_xaxes()} == {"x"}
    assert {axis.scaleanchor for axis in axes} == {"x"}
    assert axes[0].range == (3.5, -0.5)  # the first row on top


def test_an_overlay_is_clear_where_it_is_nothing() -> None:
    layer = maps.over(maps.signed(VALUES, 64, "/255"), 0.4)
    figure = maps.panels([maps.Panel("over", (maps.grey(np.zeros((3, 4, 5), np.uint8)), layer))])
    below, above = figure.data
    assert (below.showscale, above.showscale, above.opacity) == (False, True, 0.4)
    assert above.colorscale[1][1].endswith(",0)")
    assert maps.over(maps.size(VALUES, 1, ""), 1).kind == "size over"


def test_multiples_leave_out_what_there_is_none_of() -> None:
    cells = {("x", "a"): maps.signed(VALUES, 64, "/255"), ("y", "b"): maps.signed(VALUES, 64, "/255")}
    figure = maps.multiples(cells, ["x", "y"], ["a", "b"])
    assert len(figure.data) == 2
    assert [trace.showscale for trace in figure.data] == [False, True]
    assert maps.multiples({}, ["x"], ["a"]).data == ()


def test_a_label_is_no_tag() -> None:
    assert "<b>" not in maps.safe("<b>FGSM</b>")
    assert maps.safe("C&W") == "C&W"


@pytest.mark.parametrize("bound", [1, 255])
def test_histogram_spans_its_bound(bound: int) -> None:
    figure = curves.histogram(np.array([-1, 1]), np.array([3, 4]), bound)
    assert figure.layout.xaxis.range == (-bound - 1, bound + 1)
    assert figure.layout.yaxis.type == "log"


def test_blocks_have_both_measures() -> None:
    mse, mae = curves.by_block(["stem"], [0.5], [0.25]).data
    assert (mse.y, mae.y) == ((0.5,), (0.25,))
