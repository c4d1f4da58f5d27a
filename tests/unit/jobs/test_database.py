import sqlite3
import stat
from pathlib import Path

import pytest

from mtaa.core import paths
from mtaa.core.errors import InputError, MtaaError
from mtaa.jobs import client, database
from mtaa.jobs.record import JobRequest


def file() -> Path:
    return paths.jobs() / "jobs.sqlite"


def test_it_is_its_owners_alone_and_readers_never_wait() -> None:
    database.prepare()
    database.prepare()
    assert stat.S_IMODE(file().stat().st_mode) == 0o600
    assert sqlite3.connect(file()).execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_nothing_in_it_is_pickled(asked: JobRequest) -> None:
    client.start(asked)
    kinds = sqlite3.connect(file()).execute("SELECT DISTINCT serialization FROM workflow_status").fetchall()
    assert kinds == [("portable_json",)]


def test_a_locked_database_is_one_sentence(monkeypatch: pytest.MonkeyPatch, asked: JobRequest) -> None:
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.2)
    client.start(asked)
    other = sqlite3.connect(file(), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert len(client.jobs()) == 1  # readers need not wait
        with pytest.raises(MtaaError, match=r"jobs\.sqlite must be free, got one locked by another program"):
            client.start(asked, key="x")
    finally:
        other.execute("ROLLBACK")
    assert client.start(asked.model_copy(update={"checkpoint": "other"}), key="x").state == "queued"


def test_a_file_that_is_no_database_is_one_sentence() -> None:
    file().parent.mkdir(parents=True)
    file().write_text("no database at all, but long enough to be looked at\n" * 40)
    with pytest.raises(MtaaError, match=r"jobs\.sqlite must be usable, got: file is not a database"):
        client.jobs()


@pytest.mark.parametrize("url", ["mysql://host/jobs", "::"])
def test_only_postgresql_can_be_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_DATABASE_URL", url)
    with pytest.raises(InputError, match="MTAA_DATABASE_URL must"):
        client.jobs()


def test_a_server_out_of_reach_is_one_sentence_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/jobs")
    with pytest.raises(MtaaError, match="MTAA_DATABASE_URL must be usable") as caught:
        client.jobs()
    assert "secret" not in str(caught.value)
