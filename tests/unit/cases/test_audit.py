"""The audit trail is chained and append-only, and a verification names what was tampered with behind its back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mtaa.cases import audit
from mtaa.cases.audit import GENESIS
from mtaa.cases.store import Store
from mtaa.core.files import sha256_bytes
from tests.unit.cases.conftest import finding, png

Tamper = Callable[..., None]


@pytest.fixture
def filled(store: Store) -> Store:
    """Two cases, and a third that is gone; audit entries 1 to 14."""
    store.open_case("first", [finding(1)], actor="ana")
    store.open_case("second", [finding(2), finding(3)])
    store.note(1, "seen twice")
    store.assess(1, sha256_bytes(png(1)), "clean", "a smudge")
    store.set_tags(2, ["night"])
    store.delete_case(store.open_case("third"))
    store.set_status(2, "closed")
    return store


@pytest.fixture
def tamper(filled: Store, tmp_path: Path) -> Tamper:
    """Runs SQL on the file itself, without the triggers unless told otherwise."""

    def run(*statements: str, keep_triggers: bool = False) -> None:
        with closing(sqlite3.connect(tmp_path / "cases" / "cases.db")) as raw, raw:
            if not keep_triggers:
                for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                    raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                raw.execute(statement)

    return run


def test_who_did_what_and_when_stands_in_a_chain(filled: Store) -> None:
    entries = filled.trail(1)
    assert [entry.action for entry in entries] == [
        "case opened",
        "image added",
        "verdict added",
        "note written",
        "assessment given",
    ]
    assert (entries[0].actor, entries[0].previous, entries[0].at) == ("ana", GENESIS, "2026-11-24T22:00:00Z")
    assert [entry.previous for entry in entries[1:3]] == [entry.sha256 for entry in entries[:2]]
    assert entries[2].details["weights"] == "5e" * 32
    check = filled.verify()
    assert (check.entries, check.cases, check.images, check.faults, check.leftovers) == (14, 2, 3, [], 0)
    assert check.head == filled.trail(2)[-1].sha256


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_audit SET actor = 'eve' WHERE sequence = 2",
        "DELETE FROM case_audit WHERE sequence = 14",
        "REPLACE INTO case_audit SELECT * FROM case_audit WHERE sequence = 2",
        "UPDATE case_verdicts SET attack = 'pgd'",
        "UPDATE case_notes SET text = 'nothing'",
        "UPDATE case_assessments SET conclusion = 'adversarial'",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_appended(filled: Store, tamper: Tamper, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        tamper(statement, keep_triggers=True)
    assert filled.verify().faults == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE case_audit SET actor = 'eve' WHERE sequence = 2", "Audit entry 2 is broken: it was changed"),
        ("UPDATE case_audit SET details = '{}' WHERE sequence IN (3, 9)", "Audit entry 3 is broken: it was changed"),
        ("UPDATE case_audit SET at = '2020-01-01T00:00:00Z' WHERE sequence = 14", "Audit entry 14 is broken"),
        ("DELETE FROM case_audit WHERE sequence = 5", "Audit entry 5 is missing: entry 6 follows entry 4"),
        ("DELETE FROM case_audit WHERE sequence = 1", "Audit entry 1 is missing"),
        ("UPDATE case_audit SET previous = sha256 WHERE sequence = 4", "Audit entry 4 is broken: it does not follow"),
        ("UPDATE case_notes SET text = 'never seen'", "Case 1: a note is missing or was changed"),
        ("UPDATE case_verdicts SET document = replace(document, 'vgg16', 'vgg19') WHERE case_number = 1", "Case 1: a"),
        ("DELETE FROM case_verdicts WHERE id = 3", "Case 2: a verdict on image"),
        ("UPDATE case_assessments SET conclusion = 'adversarial'", "Case 1: the analyst's verdict on image"),
        ("UPDATE cases SET title = 'other' WHERE number = 2", "Case 2: title “second” is missing or was changed"),
        ("UPDATE cases SET status = 'open'", "Case 2: status “closed” is missing or was changed"),
        ("DELETE FROM case_tags", "Case 2: tag “night” is missing"),
        ("UPDATE case_images SET name = 'x.png' WHERE id = 1", "Case 1: image"),
        ("INSERT INTO cases VALUES (3, 'third', 'open', '', '', '')", "Case 3 is there, but the audit trail knows"),
        ("DELETE FROM case_audit WHERE sequence = 14", "Case 2: status “open” is missing"),
    ],
)
def test_tampering_behind_the_triggers_is_found(filled: Store, tamper: Tamper, statement: str, said: str) -> None:
    tamper(statement)
    faults = filled.verify().faults
    assert faults
    assert faults[0].startswith(said), faults


def test_a_case_taken_out_whole_is_missed(filled: Store, tamper: Tamper) -> None:
    tables = ("case_images", "case_verdicts", "case_notes", "case_assessments")
    tamper(*(f"DELETE FROM {table} WHERE case_number = 1" for table in tables), "DELETE FROM cases WHERE number = 1")
    assert filled.verify().faults == ["Case 1 is gone, but no audit entry says that it was deleted."]


def test_bytes_that_no_longer_hash_to_their_name_are_named(filled: Store, tmp_path: Path) -> None:
    changed, missing = sha256_bytes(png(1)), sha256_bytes(png(2))
    folder = tmp_path / "cases" / "images"
    (folder / changed[:2] / changed).write_bytes(png(9))
    (folder / missing[:2] / missing).unlink()
    assert sorted(filled.verify().faults) == sorted(
        f"Bytes of image {sha256[:12]} are missing or changed." for sha256 in (changed, missing)
    )


def test_a_long_chain_is_read_in_batches(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(audit, "_BATCH", 3)
    number = store.open_case("a")
    for place in range(9):
        store.note(number, str(place))
    assert (store.verify().entries, store.verify().faults) == (10, [])
