"""What is sent to the browser of a map: one lean message however many points, and pictures when they are asked for."""

import base64
import io

import numpy as np
import plotly.io
import pytest
from PIL import Image

from app import atlas as charted
from app import hovering, known, scatter
from mtaa import api
from mtaa.core.card import Card
from tests.signature_sets import large


def test_the_sheet_holds_each_picture_in_its_place() -> None:
    random = np.random.default_rng(0)
    for channels in (1, 3):
        pixels = random.integers(0, 256, (7, channels, 8, 8), np.uint8)
        whole = np.asarray(Image.open(io.BytesIO(hovering.sheet(pixels, 8, 3)))).reshape(24, 24, channels)
        for place, one in enumerate(pixels):
            top, left = 8 * (place // 3), 8 * (place % 3)
            assert (whole[top : top + 8, left : left + 8].transpose(2, 0, 1) == one).all()
        small = np.asarray(Image.open(io.BytesIO(hovering.sheet(pixels, 4, 3)))).reshape(12, 12, channels)
        blocks = pixels[0].reshape(channels, 4, 2, 4, 2).mean((2, 4)).transpose(1, 2, 0)
        np.testing.assert_allclose(small[:4, :4], blocks, atol=1)


def test_fifty_thousand_points_are_one_lean_message(mapped: Card) -> None:
    atlas = large(mapped, 50_000, 8)
    points, kinds = atlas.maps["tsne-2-attack"], known.kinds(atlas, "attack")
    figure = scatter.groups(points, kinds, charted.labels(atlas, mapped))
    text = plotly.io.to_json(figure, validate=False)
    assert len(text) < 1.5e6
    assert "bdata" not in text  # what is packed is drawn anew at every turn
    assert len(figure.data) == len(mapped.attacks)
    assert {trace.type for trace in figure.data} == {"scattergl"}
    for trace, kind in zip(figure.data, kinds, strict=True):
        assert trace.customdata == tuple(kind.places)
        np.testing.assert_allclose(np.c_[trace.x, trace.y], points[kind.places], atol=1e-4 * np.ptp(points))


def test_few_points_have_a_text_each_and_many_have_none(mapped: Card) -> None:
    atlas = api.atlas(mapped)
    texts = charted.labels(atlas, mapped)
    assert texts == known.hover(atlas, mapped)
    points, kinds = atlas.maps["tsne-3-both"], known.kinds(atlas, "victim")
    (first, *_), (bare, *_) = (scatter.groups(points, kinds, given).data for given in (texts, []))
    assert first.hovertext == tuple(texts[place] for place in kinds[0].places)
    assert bare.hovertext is None
    assert "customdata" in bare.hovertemplate


@pytest.mark.parametrize(("dimensions", "far_off"), [(2, ("star", "white")), (3, ("diamond-open", scatter.STAR))])
def test_placed_images_are_numbered_legibly_and_those_far_off_are_hollow(
    dimensions: int, far_off: tuple[str, str]
) -> None:
    points = np.arange(3.0 * dimensions).reshape(3, dimensions)
    bare = scatter.groups(points, [scatter.Group("a", np.arange(3))], [])
    figure = scatter.mark(bare, points, ["a", "b", "c"], [False, True, False])
    marker, (symbol, colour) = figure.data[-1].marker, far_off
    assert marker.symbol == ("star" if dimensions == 2 else ("diamond", symbol, "diamond"))
    assert marker.color == (scatter.STAR, colour, scatter.STAR)
    assert marker.line.color == ("white", scatter.STAR, "white")
    layout = figure.layout if dimensions == 2 else figure.layout.scene
    assert [one.text for one in layout.annotations] == ["1", "2", "3"]
    assert [one.x for one in layout.annotations] == points[:, 0].tolist()
    assert {(one.bgcolor, one.font.color) for one in layout.annotations} == {("white", scatter.INK)}
    (single,) = scatter.mark(bare, points[:1], ["a"]).data[-1:]
    assert single.marker.color == (scatter.STAR,)
    assert not bare.layout.annotations


def test_what_is_pointed_at_is_answered_with_its_picture(mapped: Card) -> None:
    atlas = api.atlas(mapped)
    answer = hovering.answer(mapped, atlas, 28, 20)
    assert answer is not None
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(answer["picture"].split(",")[1]))))
    assert (shown == api.known_pixels(mapped, np.array([20]))[0, 0]).all()
    assert answer["truth"].startswith("FGSM on ")
    assert all(hovering.answer(mapped, atlas, 28, asked) is None for asked in (None, -1, 256, "20"))
