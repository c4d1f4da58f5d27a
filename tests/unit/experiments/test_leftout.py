"""A network learns all attacks but one, and is then shown that one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.dataset.read import read_split
from mtaa.experiments import read, trained
from mtaa.experiments.leftout import run
from mtaa.experiments.leftout.record import LeftoutRecord
from mtaa.experiments.trained import Material, Networks
from mtaa.scenario import Scenario
from tests.unit.experiments.conftest import TINY


@pytest.mark.slow
def test_each_attack_in_turn_is_unknown(generated: Scenario, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    learnt: dict[str, Material] = {}
    obtain = Networks.obtain

    def watched(self: Networks, name: str, network: Any, training: Any, material: Material) -> trained.Trained:
        learnt[name] = material
        return obtain(self, name, network, training, material)

    monkeypatch.setattr(Networks, "obtain", watched)
    monkeypatch.setattr(run, "preset", lambda name: TINY)
    target = tmp_path / "record.json"
    arguments = ["experiment", "leftout", "--scenario", "smoke", "--epochs", "1", "--target", str(target)]
    shown = CliRunner().invoke(app, [*arguments, "--device", "cpu"], catch_exceptions=False).stdout
    record, test = read("leftout", target), read_split(generated, "test")
    assert isinstance(record, LeftoutRecord)
    assert [left.attack for left in record.rows] == ["fgsm", "pgd", "cw"]
    for number, left in enumerate(record.rows):
        material = learnt[f"without-{left.attack}-0"]
        assert left.attack not in material.labels[0]
        assert np.bincount(material.train.attack).tolist() == [
            count
            for place, count in enumerate(np.bincount(read_split(generated, "train").attack).tolist())
            if place != number
        ]
        assert left.row.count == int((test.attack == number).sum())
        assert set(left.row.named) <= set(material.labels[0])
        assert set(left.oscr) == {"softmax", "energy", "neighbours", "mahalanobis"}
    assert "| FGSM | 36 |" in shown
