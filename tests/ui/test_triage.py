"""Many images at once: judged in parts, sifted, put in order, and stepped through."""

import json
from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

from app import service, triage
from app.service import Result
from mtaa.core.files import sha256_bytes
from tests.ui.conftest import FakeAttributor, png
from tests.ui.reading import assert_well, downloads, said, upload

NAMES = ["fgsm-vgg16-40.png", "pgd-resnet18-90.png", "cw-vgg16-8.png", "clean-a.png", "doubtful-b.png"]
BAD = "bad.png"


@pytest.fixture
def dropped(page: AppTest) -> AppTest:
    """The page with five judged images and one that is refused."""
    return upload(page, *((name, png(seed=place)) for place, name in enumerate(NAMES)), (BAD, b"no image"))


def names(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["file"])


def shown(page: AppTest) -> str:
    """The name in the row that is marked."""
    (row,) = page.session_state["image-table"]["selection"]["rows"]
    return names(page)[row]


def step(page: AppTest, side: str) -> AppTest:
    return page.button(key=f"image-{side}").click().run()


def test_each_filter_lists_what_it_says(dropped: AppTest) -> None:
    assert_well(dropped)
    assert names(dropped) == [*NAMES, BAD]
    attack, victim = dropped.multiselect(key="sift-attack-mnist"), dropped.multiselect(key="sift-victim-mnist")
    assert "none" not in victim.options
    attack.set_value(["pgd", "cw"]).run()
    assert names(dropped) == [NAMES[1], NAMES[2]]
    victim.set_value(["vgg16"]).run()
    assert names(dropped) == [NAMES[2]]
    attack.set_value([]).run()
    assert names(dropped) == [NAMES[0], NAMES[2]]
    victim.set_value([]).run()
    dropped.slider(key="sift-confidence").set_value((0, 90)).run()
    assert names(dropped) == [NAMES[0], NAMES[1], NAMES[2], NAMES[4]]  # a clean image is 98.7% clean
    dropped.slider(key="sift-confidence").set_value((0, 100)).run()
    dropped.toggle(key="sift-doubtful").set_value(True).run()
    assert names(dropped) == [NAMES[4], BAD]
    assert_well(dropped)


def test_where_nothing_fits_the_filters_can_be_cleared(dropped: AppTest) -> None:
    dropped.multiselect(key="sift-attack-mnist").set_value(["clean"]).run()
    dropped.toggle(key="sift-doubtful").set_value(True).run()
    assert_well(dropped)
    assert "No image fits" in dropped.info[0].value
    assert not dropped.dataframe
    next(one for one in dropped.button if one.label == "Clear the filters").click().run()
    assert names(dropped) == [*NAMES, BAD]


def test_an_order_holds_for_the_table_and_the_steps(dropped: AppTest) -> None:
    dropped.selectbox(key="sift-order").set_value("least certain first").run()
    assert names(dropped)[:2] == [BAD, NAMES[4]]
    assert names(dropped)[-1] == NAMES[3]
    dropped.selectbox(key="sift-order").set_value("by file name").run()
    assert names(dropped) == sorted([*NAMES, BAD])
    dropped.selectbox(key="image-list").set_value(5).run()
    assert shown(dropped) == BAD
    assert shown(step(dropped, "right")) == NAMES[3]
    assert dropped.code[0].value == sha256_bytes(png(seed=3))


def test_previous_and_next_end_where_the_list_does(dropped: AppTest) -> None:
    assert shown(dropped) == NAMES[0]
    assert dropped.button(key="image-left").disabled
    for name in [*NAMES[1:], BAD]:
        assert shown(step(dropped, "right")) == name
        assert dropped.selectbox(key="image-list").value == names(dropped).index(name)
    assert dropped.button(key="image-right").disabled
    assert "6 of 6" in dropped.selectbox(key="image-list").label
    assert shown(step(dropped, "left")) == NAMES[-1]
    assert [dropped.button(key=f"image-{side}").proto.shortcut for side in ("left", "right")] == ["p", "n"]


def test_one_that_a_filter_takes_away_is_shown_no_longer(dropped: AppTest) -> None:
    step(dropped, "right")
    dropped.multiselect(key="sift-attack-mnist").set_value(["cw", "clean"]).run()
    assert_well(dropped)
    assert shown(dropped) == NAMES[2]


def test_the_same_bytes_twice_are_stepped_through_as_two(page: AppTest) -> None:
    upload(page, *((f"{place}.png", png(seed=min(place, 1))) for place in range(4)))
    assert [shown(page), *(shown(step(page, "right")) for _ in range(3))] == [f"{place}.png" for place in range(4)]


def test_what_is_listed_can_be_downloaded_alone(dropped: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = downloads(monkeypatch)
    dropped.multiselect(key="sift-attack-mnist").set_value(["pgd"]).run()
    assert [one["observed"]["name"] for one in json.loads(taken["JSON of 1 listed"]())] == [NAMES[1]]
    assert taken["CSV of 1 listed"]().count(b"\r\n") == 2
    assert len(json.loads(taken["JSON"]())) == 6


def test_a_refusal_pushes_no_finding_out_of_sight(dropped: AppTest) -> None:
    order = list(dropped.dataframe[0].proto.column_order)
    assert order[:3] == ["image", "file", "conclusion"]
    assert order[-1] == "refused_because"


def test_many_are_judged_in_parts_each_once(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    number = 5 * service.BATCH + 3
    drawn: list[int] = []
    listed = triage.listed

    def noted(found: Sequence[Result], wanted: triage.Wanted) -> list[int]:
        drawn.append(len(found))
        return listed(found, wanted)

    monkeypatch.setattr(triage, "listed", noted)
    upload(page, *((f"fgsm-vgg16-{place}.png", png(seed=place)) for place in range(number)))
    assert_well(page)
    assert drawn == [16, 32, 64, number]  # the first can be read before the last is judged
    assert f"**{number} images: {number} adversarial**" in said(page)
    assert FakeAttributor.judged == number
    step(page, "right")
    page.multiselect(key="sift-attack-mnist").set_value(["fgsm"]).run()
    assert FakeAttributor.judged == number
    assert len(names(page)) == number
