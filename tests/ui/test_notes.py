"""Notes on the page Cases: edited, their earlier wordings read, deleted; their own by analysts, any by operators."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import access, case_notes, casebook
from mtaa import api
from mtaa.api import access as roles
from mtaa.api import cases
from mtaa.cases.database import VARIABLE
from mtaa.core import paths
from tests.ui.conftest import FakeAttributor
from tests.ui.reading import assert_well, said
from tests.ui.test_access import ACCESS, entered, user
from tests.ui.test_cases import click, opened

HOSTILE = "**b** <img src=x>"


@pytest.fixture
def store(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> "cases.Store":
    """The evidence store that the page opens, with a case and a note of an analyst."""
    for name in (VARIABLE, "MTAA_ACCESS"):
        monkeypatch.delenv(name, raising=False)
    made = cases.open_store()
    made.note(made.open_case("a"), "seen twice", actor="analyst@example.org")
    return made


@pytest.fixture
def guarded(store: "cases.Store") -> Path:
    """A workbench where people log in."""
    paths.home().mkdir(exist_ok=True)
    place = paths.home() / "access.toml"
    place.write_text(ACCESS)
    return place


def texts(page: AppTest) -> list[str]:
    return [text.value for text in page.text]


def test_the_newest_wording_is_shown_and_the_earlier_ones_stay(store: "cases.Store") -> None:
    page = opened(case="1")
    page.text_area(key="case-note-edit-text-1-0").set_value(HOSTILE)
    click(page, "Save the note")
    assert_well(page)
    (note,) = store.case(1).notes
    assert (note.text, note.by, note.edited_by) == (HOSTILE, "analyst@example.org", "local")
    assert texts(page) == [HOSTILE, "seen twice"]
    assert "; edited by local at 20" in said(page)
    assert HOSTILE not in said(page)
    assert page.text_area(key="case-note-edit-text-1-1").value == HOSTILE


def test_deleting_asks_and_is_in_the_trail(store: "cases.Store") -> None:
    page = opened(case="1")
    assert "Delete this note with all its wordings?" in said(page)
    click(page, "Delete the note")
    assert_well(page)
    assert store.case(1).notes == []
    assert page.dataframe[0].value["what"][0] == "note deleted"


def test_a_note_that_somebody_else_edited_is_not_overwritten(store: "cases.Store") -> None:
    page = opened(case="1")
    store.edit_note(1, 1, "seen once", 1, actor="bo")
    page.text_area(key="case-note-edit-text-1-0").set_value("never seen")
    click(page, "Save the note")
    assert "got one that bo has edited" in page.error[0].value
    assert store.case(1).notes[0].text == "seen once"
    assert "seen once" in texts(page)
    assert page.text_area(key="case-note-edit-text-1-1").value == "never seen"  # what was typed is not lost
    click(page, "Save the note")
    assert store.case(1).notes[0].text == "never seen"
    assert page.text_area(key="case-note-edit-text-1-2").value == "never seen"


@pytest.mark.parametrize(
    ("role", "mine", "others"), [("viewer", False, False), ("analyst", True, False), ("operator", True, True)]
)
def test_analysts_change_their_own_and_operators_any(
    guarded: Path, store: "cases.Store", role: str, mine: bool, others: bool
) -> None:
    store.delete_note(1, 1, 1)
    for writer in (f"{role}@example.org", "bo"):
        store.note(1, "x", actor=writer)
    page = entered(user(role), "cases", case="1")
    assert_well(page)
    for label in ("Save the note", "Delete the note"):
        assert [not one.disabled for one in page.button if one.label == label] == [mine, others], label


def test_what_is_another_analysts_is_refused_at_the_act_itself(
    store: "cases.Store", guarded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "visitor", lambda: access.Visitor("log-in", "analyst@example.org"))
    told: list[object] = []
    monkeypatch.setattr(casebook, "st", type("Page", (), {"session_state": {}, "toast": staticmethod(told.append)}))
    store.note(1, "x", actor="bo")
    for note in store.case(1).notes:
        assert case_notes._act("", store.delete_note, store.case(1), note) is (note.by != "bo")
    assert [note.by for note in store.case(1).notes] == ["bo"]
    assert "needs the role operator" in casebook.st.session_state["case-problem"]
    with pytest.raises(roles.NotAllowed):
        access.require("others_note")
    assert isinstance(roles.NotAllowed("x"), api.MtaaError)
