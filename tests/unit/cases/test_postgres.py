"""The same store on PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from mtaa.cases.database import VARIABLE
from mtaa.cases.records import Query
from mtaa.cases.store import Store
from mtaa.core.errors import IntegrityError
from mtaa.core.files import sha256_bytes
from tests.unit.cases.conftest import finding, png, ticking
from tests.unit.cases.test_database import NOTES, WRITER, started


def raw(url: str, statement: str) -> None:
    with create_engine(url.replace("postgresql://", "postgresql+psycopg://")).begin() as connection:
        connection.execute(text(statement))


def test_a_case_from_opening_to_deletion(postgres: str, tmp_path: Path) -> None:
    store = Store(tmp_path, postgres, ticking())
    number = store.open_case("Ärger", [finding(1), finding(2)])
    sha256 = sha256_bytes(png(1))
    store.note(number, "100 % sure")
    store.assess(number, sha256, "clean", "a smudge")
    store.set_tags(number, ["night"])
    store.set_status(number, "closed")
    store.remove_image(number, sha256_bytes(png(2)))
    for words in ("ÄRGER", "100 %", "smudge", "1.png", "night", sha256[:9]):
        assert store.list_cases(Query(text=words, attack="fgsm", status="closed")).total == 1, words
    assert store.list_cases(Query(text="nothing")).total == 0
    assert store.verify().faults == []
    store.delete_case(number)
    assert (store.verify().faults, store.verify().images) == ([], 0)
    assert store.open_case("b") == number + 1
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_audit SET actor = 'eve'",
        "DELETE FROM case_audit",
        "TRUNCATE case_audit",
        "UPDATE case_notes SET text = ''",
    ],
)
def test_what_was_appended_stays(postgres: str, tmp_path: Path, statement: str) -> None:
    store = Store(tmp_path, postgres)
    store.note(store.open_case("a"), "x")
    with pytest.raises(DBAPIError, match="append-only"):
        raw(postgres, statement)
    raw(postgres, "ALTER TABLE case_audit DISABLE TRIGGER ALL")
    raw(postgres, "UPDATE case_audit SET actor = 'eve' WHERE sequence = 2")
    assert store.verify().faults == ["Audit entry 2 is broken: it was changed after it was written."]
    store.close()


def test_a_newer_schema_is_refused(postgres: str, tmp_path: Path) -> None:
    Store(tmp_path, postgres).close()
    raw(postgres, "UPDATE case_store SET schema_version = 3")
    with pytest.raises(IntegrityError, match="must have schema 2, got 3"):
        Store(tmp_path, postgres)


def test_two_processes_write_at_once(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writers = [started(WRITER, tmp_path, name, NOTES, url=postgres) for name in ("ana", "bo")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    monkeypatch.setenv(VARIABLE, postgres)
    store = Store(tmp_path)
    assert (store.verify().entries, store.verify().faults) == (2 * NOTES + 2, [])
    store.close()
