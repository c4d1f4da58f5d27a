"""One store, several processes, and what happens when one of them is killed, blocked, or of another version."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from mtaa.cases import database
from mtaa.cases.database import VARIABLE, StoreUnavailable
from mtaa.cases.records import Query
from mtaa.cases.store import Store
from mtaa.core import paths
from mtaa.core.errors import InputError, IntegrityError
from tests.unit.cases.conftest import finding

NOTES = 40
WRITER = """
import sys
from pathlib import Path
from mtaa.cases.store import Store
store = Store(Path(sys.argv[1]))
number = store.open_case(sys.argv[2])
print("begun", flush=True)
for place in range(int(sys.argv[3])):
    store.note(number, f"note {place}", actor=sys.argv[2])
"""
ADDER = """
import sys
from pathlib import Path
from mtaa.cases.store import Store
from tests.unit.cases.conftest import finding
store = Store(Path(sys.argv[1]))
findings = [finding(seed) for seed in range(12)]
print("begun", flush=True)
while True:
    store.delete_case(store.open_case("short-lived", findings))
    store.open_case("kept", findings[:3])
"""


def started(code: str, *arguments: object, url: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = {**os.environ, VARIABLE: url}
    return subprocess.Popen(command, cwd=paths.ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_at_once_from_an_empty_folder(tmp_path: Path) -> None:
    writers = [started(WRITER, tmp_path, name, NOTES) for name in ("ana", "bo")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    store = Store(tmp_path)
    check = store.verify()
    assert (check.entries, check.cases, check.faults) == (2 * NOTES + 2, 2, [])
    for number in (1, 2):
        case = store.case(number)
        assert [note.text for note in case.notes] == [f"note {place}" for place in range(NOTES)]
        assert {note.by for note in case.notes} == {case.title}
    store.close()


def test_a_writer_that_is_killed_leaves_a_sound_store(tmp_path: Path) -> None:
    for round_ in range(6):
        writer = started(ADDER, tmp_path)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        time.sleep(0.05 + 0.037 * round_)
        writer.send_signal(signal.SIGKILL)
        writer.wait(20)
        store = Store(tmp_path)
        assert store.verify().faults == []
        for case in store.list_cases(Query(text="short"), size=100).cases:
            assert case.images == 12  # a case is there with all its images or not at all
        number = store.open_case("after", [finding(99)])
        store.sweep()
        assert store.verify().leftovers == 0
        assert len(store.case(number).images) == 1
        store.close()


def test_what_a_kill_left_to_erase_is_erased_when_the_store_is_opened(store: Store, tmp_path: Path) -> None:
    number = store.open_case("a", [finding(1)])
    path = next(path for path in (tmp_path / "cases" / "images").rglob("*") if path.is_file())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_erase_unused", lambda: 0)  # killed between the deletion and the erasure
        store.delete_case(number)
    assert path.is_file()
    Store(tmp_path / "cases").close()
    assert not path.is_file()


def test_a_store_held_by_another_is_said_in_one_sentence(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = store.open_case("a")
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.2)
    impatient = Store(tmp_path / "cases")
    with closing(sqlite3.connect(tmp_path / "cases" / "cases.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="must be free to write, another process has held it"):
            impatient.note(number, "x")
        assert impatient.case(number).notes == []  # reading goes on
        other.execute("ROLLBACK")
    impatient.note(number, "x")
    assert len(impatient.case(number).notes) == 1
    impatient.close()


def test_a_newer_schema_is_refused(store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cases" / "cases.db")) as raw, raw:
        raw.execute("UPDATE case_store SET schema_version = 3")
    with pytest.raises(IntegrityError, match="must have schema 2, got 3; use the version of mtaa that wrote it"):
        Store(tmp_path / "cases")


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "cases.db").write_text("a letter, and a long one: " * 100)
    with pytest.raises(IntegrityError, match=r"cases\.db is damaged"):
        Store(tmp_path)


def test_a_place_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "cases.db").mkdir()
    with pytest.raises(StoreUnavailable, match=r"cases\.db can't be used \(unable to open"):
        Store(tmp_path)


@pytest.mark.parametrize(
    ("url", "said"), [("mysql://u@h/d", "SQLite or PostgreSQL, got mysql"), ("a letter", "must be a database URL")]
)
def test_another_database_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    monkeypatch.setenv(VARIABLE, url)
    with pytest.raises(InputError, match=said):
        Store(tmp_path)


def test_readers_see_sqlite_in_wal_mode(store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cases" / "cases.db")) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
