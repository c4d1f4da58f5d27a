"""What tests share: a workshop of their own, with two small victims trained on scikit-learn's digits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtaa.scenario import Scenario, load
from tests import postgres as postgresql
from tests.needed import missing


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home and a checkpoint folder outside the repository, in force for the whole test process once asked for."""
    folder = tmp_path_factory.mktemp("workshop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTAA_HOME", str(folder / "home"))
        patch.setenv("MTAA_CHECKPOINTS", str(folder / "checkpoints"))
        patch.setenv("MTAA_RESULTS", str(folder / "results"))
        yield folder


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ships with the repository, even when the workshop has been opened before in this process."""
    for name in ("MTAA_CHECKPOINTS", "MTAA_RESULTS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def smoke() -> Scenario:
    """The preset that takes seconds."""
    return load("smoke")


@pytest.fixture(scope="session")
def trained(workshop: Path, smoke: Scenario) -> Scenario:
    """The smoke scenario with its victims trained."""
    from mtaa.images import open_source
    from mtaa.victims.train import train

    for name in smoke.victims:
        train(open_source(smoke.images), name)
    return smoke


@pytest.fixture(scope="session")
def generated(trained: Scenario) -> Scenario:
    """The smoke scenario with its examples made."""
    from mtaa.dataset.generate import generate

    generate(trained)
    return trained


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server; without its programs the test is skipped, and with MTAA_REQUIRE_POSTGRES=1 it fails."""
    place = postgresql.programs()
    if place is None:
        reason = "needs PostgreSQL's programs; install them (Debian: apt-get install postgresql)"
        missing(reason, "MTAA_REQUIRE_POSTGRES")
    with postgresql.server(place) as address:
        yield address


@pytest.fixture
def postgres(postgres_server: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty PostgreSQL database, this test's alone."""
    with postgresql.database(postgres_server, tmp_path.name) as address:
        yield address
