"""The page Signatures, entered by the real entry file: a made-up atlas, and a placer that reads places off names."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import export, inside, known
from mtaa import api
from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.core.files import sha256_bytes
from mtaa.core.verdict import Refusal
from mtaa.images import intake
from mtaa.signatures.neighbours import Neighbours, Placed
from mtaa.signatures.space import HEADS
from tests.signature_sets import install
from tests.ui.conftest import FakeAttributor, png
from tests.ui.reading import assert_well, cells, charts, enter, said, upload


class FakePlacer:
    """Places by name: `near-20.png` beside example 20, `edge-…` and `far-…` ever farther off."""

    placed = 0

    def place(self, images: list[tuple[str, bytes]]) -> list[Placed | Refusal]:
        return [self._one(name, data) for name, data in images]

    def _one(self, name: str, data: bytes) -> Placed | Refusal:
        FakePlacer.placed += 1
        try:
            taken = intake.read(data, name, 1, 28)
        except InputError as error:
            return Refusal(name=name, sha256=sha256_bytes(data), bytes=len(data), reason=str(error))
        kind, at = name.split(".")[0].split("-")
        farther = {"near": 0.4, "edge": 0.97, "far": 1.0}[kind]
        places = np.arange(int(at), int(at) + 15)
        around = Neighbours(places, np.linspace(0.5, 0.9, 15, dtype=np.float32), farther)
        return Placed(name, taken.observed.sha256, taken.pixels, dict.fromkeys(HEADS, around))


@pytest.fixture
def mapped(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> Card:
    """The made-up checkpoint with an atlas beside it."""
    FakePlacer.placed = 0
    monkeypatch.setattr(api, "open_placer", lambda name: FakePlacer())
    return install(cards.read("mnist"), cards.folder("mnist"))


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
    alternatives = [one.alt for image in page.image for one in image.proto.imgs]
    assert alternatives[0] == "The placed image"
    assert len(alternatives) == 9
    assert alternatives[1].startswith("Known example: FGSM on ResNet18, ε = ")
    page.run()
    assert FakePlacer.placed == 1


def test_a_far_image_is_said_to_be_far(page: AppTest) -> None:
    upload(page, ("far-20.png", png()), key="to-place")
    (warning,) = page.warning
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
