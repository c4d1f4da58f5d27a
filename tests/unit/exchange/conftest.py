"""A small checkpoint that is whole: a real network's weights, a scenario, a test split."""

from pathlib import Path

import numpy as np
import pytest
import torch

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Calibration, Card, Geometry, IntensityCalibration
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.models.store import save_network
from mtaa.scenario import load
from mtaa.scenario.presets import dump
from tests.signature_sets import install

NETWORK = NetworkConfig(
    backbone="forensic", extractor=False, statistics=False, regression="per_attack", widths=(4, 4, 4, 4)
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the checkpoint `small`."""
    root = tmp_path_factory.mktemp("made")
    folder = root / "small"
    folder.mkdir()
    scenario = load("smoke")
    attacks, victims = scenario.attack_labels, scenario.victim_labels
    torch.manual_seed(0)
    save_network(Mtaa(NETWORK, len(attacks), len(victims), 1, 28), folder / cards.WEIGHTS)
    files.write_text(folder / cards.SCENARIO, dump(scenario))
    names = [name for name in attacks if name != "clean"]
    figure = {"value": 0.5, "low": 0.4, "high": 0.6, "count": 9, "floor": None}
    card = Card(
        name="small",
        description="made for tests",
        images=Geometry(source="digits", channels=1, side=28),
        attacks=attacks,
        victims=victims,
        symbols={name: "κ" if name == "cw" else "ε" for name in names},
        intensity_grids={name: (10, 200) for name in names},
        reachable_margins={},
        network=NETWORK.model_dump(mode="json"),
        training={},
        parameters=1,
        flops=1,
        scenario_sha256=scenario.hash,
        data_sha256="cd" * 32,
        victims_sha256={},
        metrics={"overall": {"attack_accuracy": figure}, "by_attack": {}, "by_victim": {}},
        calibration=Calibration(
            attack_temperature=1,
            victim_temperature=1,
            intensity=IntensityCalibration(level=0.9, low=dict.fromkeys(names, 1.0), high=dict.fromkeys(names, 1.0)),
        ),
        weights_sha256=files.sha256_file(folder / cards.WEIGHTS),
        test_sha256="",
        licence="MIT",
        code_version="0",
    )
    files.write_json(folder / cards.CARD, card.model_dump(mode="json"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTAA_CHECKPOINTS", str(root))
        install(card, folder)
    return folder


@pytest.fixture
def shelf(tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of checkpoints with a copy of it."""
    root = tmp_path / "checkpoints"
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(root))
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))
    copy(made, root / "small")
    return root


def copy(source: Path, target: Path) -> Path:
    """A copy of a checkpoint's folder that may be changed."""
    target.mkdir(parents=True)
    for path in source.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def digest(path: Path) -> str:
    return files.sha256_file(path)


def zeros(count: int) -> bytes:
    return np.zeros(count, np.uint8).tobytes()
