"""Notes are edited by appending: earlier wordings stay, everything is in the trail, and old stores open as they are."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from mtaa.cases.records import Query
from mtaa.cases.report import of_case, render
from mtaa.cases.store import Store
from mtaa.core.errors import InputError
from mtaa.core.files import sha256_bytes
from tests.unit.cases.conftest import finding, png, ticking

FIRST_SCHEMA = ("DROP TABLE case_wordings", "UPDATE case_store SET schema_version = 1")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str | None]:
    """Folder and URL of an empty store."""
    monkeypatch.delenv("MTAA_DATABASE_URL", raising=False)
    return tmp_path, request.getfixturevalue("postgres") if request.param == "postgresql" else None


@pytest.fixture
def store(place: tuple[Path, str | None]) -> Store:
    return Store(*place, ticking())


def run(place: tuple[Path, str | None], *statements: str) -> None:
    """SQL past the store."""
    url = f"sqlite:///{place[0] / 'cases.db'}"
    if place[1] is not None:
        url = place[1].replace("postgresql://", "postgresql+psycopg://")
    with create_engine(url).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_an_edit_keeps_what_the_note_said(store: Store) -> None:
    number = store.open_case("a", [finding(1)])
    sha256 = sha256_bytes(png(1))
    note = store.note(number, "a smudge", sha256, actor="ana")
    store.edit_note(number, note, "a scratch", 1, actor="bo")
    store.edit_note(number, note, "a smudge", 2, actor="ana")
    (found,) = store.case(number).notes
    assert (found.id, found.text, found.sha256, found.by, found.edited_by) == (note, "a smudge", sha256, "ana", "ana")
    assert [(one.text, one.by) for one in found.earlier] == [("a smudge", "ana"), ("a scratch", "bo")]
    assert found.at < found.earlier[1].at < (found.edited_at or "")
    entries = [entry for entry in store.trail(number) if entry.action.startswith("note")]
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("note written", "ana"),
        ("note edited", "bo"),
        ("note edited", "ana"),
    ]
    assert [entry.details.get("replaces") for entry in entries[1:]] == [
        entry.details["digest"] for entry in entries[:2]
    ]
    assert "smudge" not in str(store.trail(number))
    assert store.verify().faults == []
    assert store.case(number).changed_at == found.edited_at


def test_the_same_text_again_is_no_edit(store: Store) -> None:
    note = store.note(store.open_case("a"), "x")
    before = len(store.trail(1))
    store.edit_note(1, note, " x ", 1)
    assert (store.case(1).notes[0].earlier, len(store.trail(1))) == ([], before)


def test_a_note_that_changed_meanwhile_is_not_overwritten(store: Store) -> None:
    note = store.note(store.open_case("a"), "x")
    store.edit_note(1, note, "y", 1, actor="bo")
    for step in (lambda: store.edit_note(1, note, "z", 1), lambda: store.delete_note(1, note, 1)):
        with pytest.raises(InputError, match="note must be as you saw it, got one that bo has edited"):
            step()
    with pytest.raises(InputError, match="note must be in case 2"):
        store.edit_note(store.open_case("b"), note, "z", 2)
    with pytest.raises(InputError, match="note must have 1 to"):
        store.edit_note(1, note, " ", 2)
    assert store.case(1).notes[0].text == "y"


def test_a_deletion_leaves_digests_alone_and_spares_an_equal_note(store: Store) -> None:
    number = store.open_case("a")
    twice = [store.note(number, "seen twice") for _ in range(2)]
    store.edit_note(number, twice[0], "seen once", 1)
    store.delete_note(number, twice[0], 2, actor="ana")
    assert [note.id for note in store.case(number).notes] == twice[1:]
    last = store.trail(number)[-1]
    assert (last.action, last.actor, len(last.details["digests"])) == ("note deleted", "ana", 2)
    assert store.verify().faults == []


def test_notes_go_with_their_image_and_their_case(store: Store) -> None:
    number = store.open_case("a", [finding(1), finding(2)])
    for sha256 in (sha256_bytes(png(1)), sha256_bytes(png(2)), None):
        store.edit_note(number, store.note(number, "x", sha256), "y", 1)
    store.remove_image(number, sha256_bytes(png(1)))
    assert len(store.case(number).notes) == 2
    assert store.verify().faults == []
    store.delete_case(number)
    assert store.verify().faults == []


def test_the_newest_wording_alone_is_searched(store: Store) -> None:
    note = store.note(store.open_case("a"), "smudge")
    store.edit_note(1, note, "scratch", 1)
    store.edit_note(1, note, "dust", 2)
    assert [store.list_cases(Query(text=word)).total for word in ("smudge", "scratch", "dust")] == [0, 0, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_wordings SET text = 'never'",
        "UPDATE case_wordings SET at = ''",
        "DELETE FROM case_wordings",
        "UPDATE case_notes SET text = 'never'",
    ],
)
def test_tampering_with_wordings_is_refused_and_found(
    store: Store, place: tuple[Path, str | None], statement: str
) -> None:
    note = store.note(store.open_case("a"), "x")
    store.edit_note(1, note, "y", 1)
    if statement.startswith("UPDATE"):
        with pytest.raises(Exception, match="append-only"):
            run(place, statement)
    drop = "DROP TRIGGER {0}_no_update" + ("" if place[1] is None else " ON {0}")
    run(place, *(drop.format(table) for table in ("case_notes", "case_wordings")), statement)
    assert store.verify().faults[0].startswith("Case 1: a note is missing or was changed")


def test_a_store_of_the_first_schema_opens_with_all_its_rows(store: Store, place: tuple[Path, str | None]) -> None:
    note = store.note(store.open_case("a", [finding(1)]), "x", actor="ana")
    before = store.case(1), store.trail(1)
    store.close()
    run(place, *FIRST_SCHEMA)
    again = Store(*place, ticking())
    assert (again.case(1), again.trail(1)) == before
    assert again.verify().faults == []
    again.edit_note(1, note, "y", 1)
    with pytest.raises(Exception, match="append-only"):
        run(place, "UPDATE case_wordings SET text = 'z'")
    Store(*place).close()
    assert again.case(1).notes[0].text == "y"
    again.close()


def test_reports_show_the_newest_and_that_it_was_edited(store: Store) -> None:
    number = store.open_case("a", [finding(1)])
    for sha256 in (None, sha256_bytes(png(1))):
        store.edit_note(number, store.note(number, "<old>", sha256, actor="ana"), "<new>", 1, actor="bo")
    dossier, pictures = of_case(store, number)
    html = render(dossier, pictures, "html").decode()
    assert html.count("&lt;new&gt;") == 2
    assert "&lt;old&gt;" not in html
    assert html.count("by bo, 1 earlier wording kept") == 2
    notes = [*dossier.notes, *dossier.images[0].notes]
    assert [(note.text, note.edited_by, note.earlier[0].text) for note in notes] == [("<new>", "bo", "<old>")] * 2


def test_a_file_written_before_edits_existed_keeps_its_bytes_of_evidence(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.note(store.open_case("a", [finding(1)]), "x")
    store.close()
    run((tmp_path, None), *FIRST_SCHEMA)
    tables = ("cases", "case_images", "case_verdicts", "case_notes", "case_audit")

    def rows() -> list[list[tuple[object, ...]]]:
        with closing(sqlite3.connect(tmp_path / "cases.db")) as raw:
            return [raw.execute(f"SELECT * FROM {table}").fetchall() for table in tables]

    before = rows()
    Store(tmp_path).close()
    assert rows() == before
