"""The page Cases, entered by the real entry file, and the way there from the page Attribute."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import case_list, casebook
from mtaa.api import cases
from mtaa.cases.database import VARIABLE
from mtaa.core import paths
from mtaa.core.files import sha256_bytes
from mtaa.core.verdict import Verdict
from tests.ui.conftest import CARD, FakeAttributor, png, write_card
from tests.ui.reading import assert_well, charts, enter, links, said, upload

HOSTILE = "**b** <img src=x> [l](http://evil.example) :red[r] $x$"


def judged(name: str, seed: int) -> tuple[bytes, Verdict]:
    (verdict,) = FakeAttributor(CARD).attribute([(name, png(seed=seed))])
    assert isinstance(verdict, Verdict)
    return png(seed=seed), verdict


@pytest.fixture
def number(store: "cases.Store") -> int:
    """A case with two images."""
    return store.open_case("Street sign", [judged("fgsm-vgg16-40.png", 1), judged("pgd-resnet18-90.png", 2)])


def opened(**query: str) -> AppTest:
    page = enter("cases")
    for name, value in query.items():
        page.query_params[name] = value
    return page.run()


def click(page: AppTest, label: str) -> AppTest:
    return next(one for one in page.button if one.label == label).click().run()


def test_without_cases_the_page_says_what_to_do(store: "cases.Store") -> None:
    page = opened()
    assert_well(page)
    assert page.title[0].value == "Cases"
    assert "No case yet" in page.info[0].value
    click(page, "Verify all evidence")
    assert "All is as it was kept: 0 audit entries, 0 cases, 0 images" in page.success[0].value


def test_the_list_shows_searches_and_pages(store: "cases.Store", number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_list, "SIZE", 2)
    for title in ("b", HOSTILE):
        store.open_case(title)
    store.set_tags(number, ["night"])
    page = opened()
    assert_well(page)
    assert "3 cases" in said(page)
    assert "**1. Street sign**" in [label for label, _ in links(page)]
    assert len([label for label, query in links(page) if "case=" in query]) == 2
    assert "<img" not in "".join(one.proto.label for one in page.get("page_link")).replace("\\<img", "")
    page.text_input(key="cases-text").set_value("resnet18-90").run()
    assert "1 case" in said(page)
    assert ("**1. Street sign**", "case=1") in links(page)
    page.text_input(key="cases-text").set_value("").run()
    page.selectbox(key="cases-attack").set_value("pgd").run()
    assert [query for _, query in links(page) if query] == ["case=1"]
    page.selectbox(key="cases-tag").set_value("night").run()
    page.selectbox(key="cases-status").set_value("closed").run()
    assert "No case fits this search" in page.info[0].value


def test_a_case_of_several_images_is_summarised_by_all_of_them(store: "cases.Store") -> None:
    names = ["clean-none-0.png", *(f"pgd-vgg16-{size}.png" for size in (10, 20, 30, 40)), "doubtful-vgg16-40.png"]
    several = store.open_case("Several", [judged(name, seed) for seed, name in enumerate(names)])
    store.open_case("One", [judged("clean-none-0.png", 7)])
    page = opened()
    assert_well(page)
    assert "6 images: 4 adversarial, 1 clean, 1 inconclusive; changed " in said(page)
    assert said(page).count("No attack known to this checkpoint was found") == 1  # of the case of one image
    again = judged("pgd-vgg16-90.png", 0)
    store.add(several, [again])
    assert "6 images: 5 adversarial, 1 inconclusive; changed " in said(page.run())


def test_a_new_case_is_opened_and_an_empty_title_is_refused(store: "cases.Store") -> None:
    page = opened()
    click(page, "Open the case")
    assert "title of a case must have 1 to 200 characters" in page.error[0].value.replace("\\", "")
    page.text_input(key="case-new-title").set_value("A new one")
    click(page, "Open the case")
    assert store.case(1).title == "A new one"
    assert_well(page)


def test_a_case_is_shown_whole_and_its_address_survives_a_reload(store: "cases.Store", number: int) -> None:
    store.note(number, f"seen twice\n{HOSTILE}")
    page = opened(case="1")
    for _ in range(2):
        assert_well(page)
        assert page.title[0].value == "Street sign"
        assert "FGSM (99%) on VGG16 (84%), ε 40." in [head.value.replace("\\", "") for head in page.subheader]
        assert len(charts(page)) == 3
        assert any(HOSTILE in text.value for text in page.text)
        assert HOSTILE not in said(page)
        assert list(page.dataframe[0].value["what"]) == [
            "note written",
            *["verdict added", "image added"] * 2,
            "case opened",
        ]
        page.run()
    page = opened(image=sha256_bytes(png(seed=2))[:10])
    assert_well(page)
    assert page.title[0].value == "Street sign"
    assert any("PGD" in head.value for head in page.subheader)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"case": "7"}, "There is no case 7"),
        ({"case": "../x"}, "There is no case ../x"),
        ({"case": "²"}, "There is no case ²"),
        ({"image": "ab"}, "8 to 64 hex digits"),
        ({"image": "0" * 12}, "No case holds an image"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(store: "cases.Store", query: dict[str, str], why: str) -> None:
    page = opened(**query)
    assert not page.exception
    assert not page.error
    assert why in page.warning[0].value.replace("\\", "")
    assert page.title[0].value == "Cases"


def test_an_image_in_two_cases_names_both(store: "cases.Store", number: int) -> None:
    store.open_case("another", [judged("fgsm-vgg16-40.png", 1)])
    page = opened(image=sha256_bytes(png(seed=1))[:12])
    assert "are in the cases 1, 2" in page.warning[0].value.replace("\\", "")


def test_what_the_analyst_does_is_kept(store: "cases.Store", number: int) -> None:
    page = opened(case="1")
    page.selectbox(key="case-status-1").set_value("closed").run()
    page.multiselect(key="case-tags-1").set_value(["night"]).run()
    page.text_area(key="case-note-text-1").set_value("seen twice")
    click(page, "Add the note")
    page.radio[0].set_value("clean")
    click(page, "Record your verdict")
    assert_well(page)
    case = store.case(number)
    assert (case.status, case.tags, case.notes[0].text) == ("closed", ["night"], "seen twice")
    assert [own.conclusion for own in case.images[0].assessments] == ["clean"]
    assert store.trail(number)[-1].actor == "local"
    assert page.selectbox(key="case-status-1").value == "closed"
    click(page, "Record your verdict")
    assert "Choose what you conclude" in page.warning[0].value
    click(page, "Add the note")
    assert "note must have 1 to" in page.error[0].value
    page.run()
    assert not page.error


def test_another_checkpoint_adds_a_verdict_and_keeps_the_first(store: "cases.Store", number: int) -> None:
    write_card(paths.checkpoints(), CARD.model_copy(update={"name": "other", "weights_sha256": "6f" * 32}))
    page = opened(case="1")
    assert not [one for one in page.button if one.label.startswith("Judge again")]
    page.sidebar.selectbox[0].set_value("other").run()
    click(page, "Judge again by other")
    assert_well(page)
    verdicts = store.case(number).images[0].verdicts
    assert [kept.verdict.checkpoint.name for kept in verdicts] == ["mnist", "other"]
    chooser = next(one for one in page.selectbox if one.label.startswith("Verdict"))
    assert len(chooser.options) == 2
    assert "other 6f6f6f6f6f6f" in chooser.options[1]


def test_removing_and_deleting_ask_first(store: "cases.Store", number: int) -> None:
    page = opened(case="1")
    text = said(page)
    assert "Remove fgsm-vgg16-40.png from this case" in text
    assert "Delete case 1 with 2 images" in text
    click(page, "Remove for good")
    assert [image.name for image in store.case(number).images] == ["pgd-resnet18-90.png"]
    click(page, "Delete for good")
    assert not page.exception
    assert not store.has(number)
    assert store.trail(number)[-1].action == "case deleted"


def test_a_case_deleted_by_somebody_else_is_told(store: "cases.Store", number: int) -> None:
    page = opened(case="1")
    store.delete_case(number)
    page.selectbox(key="case-status-1").set_value("closed").run()
    assert not page.exception
    assert "case must exist, got number 1" in page.error[0].value.replace("\\", "")


def test_broken_bytes_are_told_and_verification_names_them(store: "cases.Store", number: int) -> None:
    sha256 = sha256_bytes(png(seed=1))
    (paths.home() / "cases" / "images" / sha256[:2] / sha256).write_bytes(b"other")
    page = opened(case="1")
    assert not page.exception
    assert "are changed in the evidence store" in page.error[0].value
    click(page, "Verify this case")
    assert any("missing or changed" in error.value for error in page.error)


def test_a_store_that_cannot_be_opened_is_told(store: "cases.Store", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "mysql://u@h/d")
    page = opened()
    assert not page.exception
    assert "SQLite or PostgreSQL" in page.error[0].value
    page = upload(enter(), ("fgsm-vgg16-40.png", png()))
    assert_well(page)
    assert "Nothing can be added to a case" in said(page)


def test_cases_are_shown_without_any_checkpoint(
    store: "cases.Store", number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "nowhere"))
    page = opened(case="1")
    assert not page.exception
    assert page.title[0].value == "Street sign"
    assert "not installed here any longer" in said(page)


def test_a_report_is_made_on_demand_and_noted_in_the_trail(store: "cases.Store", number: int) -> None:
    made = cases.report(store, number, "html", actor="ana")
    last = store.trail(number)[-1]
    assert (last.action, last.actor, last.details["report"]) == ("report written", "ana", sha256_bytes(made))
    assert cases.report(store, number, "html") == made
    page = opened(case="1")
    assert [one.label for one in page.get("download_button")] == ["HTML", "JSON", "PDF"]


def test_counts_are_written_as_people_do() -> None:
    assert (casebook.count(1, "image"), casebook.count(1200, "image")) == ("1 image", "1,200 images")
