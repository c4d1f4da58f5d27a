"""What tests share: a workshop of their own, with two small victims trained on scikit-learn's digits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtaa.scenario import Scenario, load


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
