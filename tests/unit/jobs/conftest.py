"""A home of its own for each test, with an empty job database once asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtaa.jobs import database
from mtaa.jobs.record import JobRequest
from mtaa.scenario import load


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder under which everything of a test lies."""
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.delenv("MTAA_DATABASE_URL", raising=False)
    yield tmp_path
    if database._client.cache_info().currsize:
        database._client(database.url()).destroy()
        database._client.cache_clear()
    database.engine.cache_clear()


@pytest.fixture
def asked() -> JobRequest:
    """A job on the smoke scenario."""
    return JobRequest(scenario=load("smoke"), checkpoint="trial", epochs=2, asked_by="somebody")
