"""The page Signatures, entered by the real entry file: a made-up atlas, and a placer that reads places off names."""

import time
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import export, inside, known
from mtaa import api
from mtaa.api import maps
from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.signatures import background
from mtaa.signatures.desk import Desk, UnderWay
from mtaa.signatures.remap import make
from tests.signature_sets import QUICK
from tests.ui.conftest import FakeAttributor, FakePlacer, png
from tests.ui.reading import assert_well, cells, charts, enter, said, upload


def opened() -> AppTest:
    return enter().switch_page("pages/signatures.py").run()


@pytest.fixture
def page(mapped: Card) -> AppTest:
    return opened()


def choose(page: AppTest, what: str, value: str | int) -> AppTest:
    """Press one of the buttons above the map."""
    control = next(one for one in page.button_group if one.key == f"atlas-{what}")
    control.set_value(value)
    return page.run()


def pictured(page: AppTest) -> list[str]:
    """The texts that stand for the pictures."""
    return [one.alt for image in page.image for one in image.proto.imgs]


def test_without_a_map_it_says_how_to_make_one(bench: type[FakeAttributor]) -> None:
    page = opened()
    assert_well(page)
    assert page.title[0].value == "Signatures"
    assert "no map of its signatures yet" in page.info[0].value
    assert page.code[0].value == "mtaa map --checkpoint mnist"
    assert not page.get("plotly_chart")
    assert not page.get("file_uploader")


def test_the_map_is_drawn_and_its_quality_told(page: AppTest) -> None:
    assert_well(page)
    (chart,) = charts(page)
    assert chart == "t-SNE map of 256 known examples in 2 dimensions by signature of the attack, coloured by attack"
    assert {"100.0%", "Trustworthiness"} <= set(cells(page))
    assert "perplexity 8, seed 0" in said(page)


@pytest.mark.parametrize(
    ("what", "value", "told"),
    [
        ("view", 3, "in 3 dimensions"),
        ("signature", "both", "by both signatures"),
        ("signature", "victim", "by signature of the source model"),
        ("colour-by", "victim", "coloured by source model"),
        ("colour-by", "intensity", "coloured by strength"),
        ("colour-by", "correctness", "coloured by right or wrong"),
    ],
)
def test_each_choice_is_drawn(page: AppTest, what: str, value: str | int, told: str) -> None:
    choose(page, what, value)
    assert_well(page)
    assert told in charts(page)[0]


def test_a_broken_map_is_refused_in_one_sentence(mapped: Card) -> None:
    path = cards.folder("mnist") / cards.SIGNATURES
    path.write_bytes(path.read_bytes()[:-9])
    page = opened()
    assert not page.exception
    assert "has another hash than its card; make it anew" in said(page)
    assert page.code[0].value == "mtaa map --checkpoint mnist"
    assert not page.get("plotly_chart")


def test_an_image_is_placed_among_its_neighbours(page: AppTest) -> None:
    upload(page, ("near-20.png", png()), key="to-place")
    assert_well(page)
    assert charts(page)[0].endswith("with 1 image placed on it")
    assert "farther from its neighbours than **40%** of the known examples are from theirs" in said(page)
    assert "mean distance 0.70, nearest 0.50" in said(page)
    assert "Of its 15 nearest known examples **15 are FGSM**, and **12 were made on ResNet18**." in said(page)
    alternatives = pictured(page)[1:]
    assert alternatives[0] == "The placed image"
    assert len(alternatives) == 9
    assert alternatives[1].startswith("Known example: FGSM on ResNet18, ε = ")
    page.run()
    assert FakePlacer.placed == 1


def test_a_far_image_is_said_to_be_far(page: AppTest) -> None:
    upload(page, ("far-20.png", png()), key="to-place")
    (warning,) = page.warning
    assert "drawn hollow" in warning.value
    assert "**Far off**: farther from its neighbours than **all** of the known examples" in warning.value


def test_several_are_placed_and_what_can_not_be_is_said(page: AppTest) -> None:
    whole = [png(seed=seed) for seed in range(3)]
    names = ["near-20.png", "edge-60.png", "far-90.png"]
    upload(page, *zip(names, whole, strict=True), ("cut.png", whole[0][:99]), key="to-place")
    assert not page.exception
    assert "cut.png was not placed. Image must be whole" in said(page)
    assert charts(page)[0].endswith("with 3 images placed on it")
    chooser = page.main.selectbox[0]
    assert chooser.options == ["1. near-20.png", "2. edge-60.png", "3. far-90.png (far off)"]
    chooser.set_value(1).run()
    assert "at the edge of what is known" in said(page)
    upload(page, ("near-20.png", whole[0]), key="to-place")
    assert_well(page)


def test_a_selection_gives_a_table_and_an_inert_csv(mapped: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    atlas = api.atlas(mapped)
    rows = known.rows(atlas, mapped, np.array([0, 3, 250]))
    assert [row["right"] for row in rows] == ["source model wrong", "attack wrong", "both right"]
    assert rows[0]["intensity"] == pytest.approx(10)
    assert "intensity" not in rows[2]
    rows[0]["source_image"] = "=1+1"
    assert "'=1+1" in export.rows_as_csv(known.FIELDS, rows).decode("utf-8-sig")
    monkeypatch.setattr(inside, "PICTURED", 2)
    script = """
import numpy as np
from app import inside
from mtaa import api
card = api.card("mnist")
inside.show(np.array([0, 3, 250]), api.atlas(card), card)
"""
    page = AppTest.from_string(script, default_timeout=30).run()
    assert_well(page)
    assert "3 known examples inside the selection" in said(page)
    assert "The first 2 are shown" in said(page)
    table = page.dataframe[0].value
    assert len(table) == 2
    assert table["image"][0].startswith("data:image/png;base64,")
    assert page.dataframe[0].proto.placeholder == ""  # not the word None
    assert page.dataframe[0].proto.HasField("placeholder")


def test_examples_are_stepped_through_with_their_pictures(page: AppTest) -> None:
    (number,) = [one for one in page.number_input if (one.key or "").startswith("example-")]
    assert (number.label, number.value) == ("Example, 0 to 255", 0)
    assert pictured(page)[0].startswith("Example 0: FGSM on InceptionV3, ε = ")
    number.set_value(3).run()
    assert pictured(page)[0].startswith("Example 3: ")
    assert "Attack wrong" in said(page)
    assert "Taken for PGD on" in said(page)


def asked(page: AppTest, what: str, value: Any) -> AppTest:
    """Set one of the parameters of a new map."""
    controls = [*page.number_input, *page.selectbox, *page.button_group]
    next(one for one in controls if one.label == what).set_value(value)
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


def test_a_map_with_other_parameters_is_made_in_the_background_and_shown(
    page: AppTest, mapped: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[maps.MapRequest] = []

    def start(card: Card, request: maps.MapRequest) -> str:
        started.append(request)
        key = request.key(card)
        now = time.time()
        Desk(key).tell(
            UnderWay(key=key, request=request, weights_sha256=card.weights_sha256, state="starting", told=now)
        )
        return key

    monkeypatch.setattr(background, "start", start)
    asked(page, "Dimensions", 3)
    asked(page, "Features", "both")
    asked(page, "Perplexity", 9)
    asked(page, "Seed", 5)
    press(page, "Make this map")
    assert_well(page)
    (request,) = started
    assert (request.features, request.dimensions, request.layout.perplexity, request.layout.seed) == ("both", 3, 9, 5)
    assert "Cancel" in [one.label for one in page.button]
    Desk(request.key(mapped)).clear()
    make(mapped.name, request, "cpu")
    page.session_state["map-done"] = request.key(mapped)  # as the watch does when it is there
    page.run()
    assert_well(page)
    assert charts(page)[0].startswith("t-SNE map of 256 known examples in 3 dimensions by both signatures")
    assert "perplexity 9, seed 5; 256 examples of the test split, figures measured on all of them" in said(page)
    assert "t-SNE 3-D of both signatures, perplexity 9, seed 5" in cells(page)
    press(page, "Delete")
    assert charts(page)[0].startswith("t-SNE map of 256 known examples in 2 dimensions by signature of the attack")
    assert maps.kept(mapped) == ([], [])


def test_a_map_that_failed_says_why_until_it_is_dismissed(page: AppTest, mapped: Card) -> None:
    request = maps.MapRequest(features="layer1", layout=QUICK)
    key = request.key(mapped)
    told = UnderWay(key=key, request=request, weights_sha256="", state="failed", error="no <b>room</b>", told=0.0)
    Desk(key).tell(told)
    page.run()
    assert "t-SNE 2-D of block layer1, perplexity 8, seed 0 was not made. no <b>room</b>" in said(page)
    press(page, "Dismiss")
    assert_well(page)
    assert maps.running(mapped) == []


def test_a_map_of_a_block_has_no_place_for_images(page: AppTest, mapped: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    from mtaa.signatures import remap

    monkeypatch.setattr(remap, "points_of", lambda card, atlas, *rest: atlas.points("both"))
    make(mapped.name, maps.MapRequest(features="layer1", layout=QUICK), "cpu")
    page.run()
    page.selectbox(key="map-shown").set_value(maps.MapRequest(features="layer1", layout=QUICK).key(mapped)).run()
    upload(page, ("near-20.png", png()), key="to-place")
    assert_well(page)
    assert charts(page)[0].endswith("by block layer1, coloured by attack")
    assert "has no place for them" in page.info[0].value
    assert "Nearest known examples** by both signatures" in said(page)
