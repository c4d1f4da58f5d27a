"""A yard of its own for each test, with a victim that was trained once."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mtaa.jobs import database
from tests.jobs.yard import SCENARIO


@pytest.fixture(scope="session")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the yard's victim: right about most digits, which is all that is asked of it."""
    from mtaa.core import paths
    from mtaa.images import open_source
    from mtaa.victims.store import victim_id, write_card
    from mtaa.victims.train import RECIPES, train

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTAA_CHECKPOINTS", str(tmp_path_factory.mktemp("victims")))
        patch.setitem(RECIPES, "tiny_a", replace(RECIPES["tiny_a"], epochs=4))
        card = train(open_source(SCENARIO.images), "tiny_a", device="cpu")
        card.reach = {"median": 40.0}  # measuring it takes half a minute, and is tested with the attacks
        write_card(card)
        return paths.victims() / victim_id(SCENARIO.images, "tiny_a")


@pytest.fixture
def yard(victim: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The home in force for the test and its workers."""
    from mtaa.core import paths

    if sys.platform != "linux":
        pytest.skip("watches processes by /proc")
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("MTAA_RESULTS", str(tmp_path / "results"))
    monkeypatch.setenv("MTAA_THREADS", "1")
    monkeypatch.delenv("MTAA_STORE", raising=False)
    shutil.copytree(victim, paths.victims() / victim.name)
    yield tmp_path
    if database._client.cache_info().currsize:
        database._client(database.url()).destroy()
        database._client.cache_clear()
    database.engine.cache_clear()
