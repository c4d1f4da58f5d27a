"""Tables 2 to 5, 9, 10 and Figure 2: what they count is what the stored networks say, beside what the paper prints."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core.errors import InputError
from mtaa.dataset.read import read_split
from mtaa.experiments import contenders, read
from mtaa.experiments.figure2.record import Figure2Record
from mtaa.experiments.onelabel.paper import PAPER as ONE_LABEL
from mtaa.experiments.onelabel.record import OneLabelRecord
from mtaa.experiments.parts.paper import PAPER as PARTS
from mtaa.experiments.parts.record import PartsRecord
from mtaa.scenario import Scenario
from tests.unit.experiments.conftest import TINY

pytestmark = pytest.mark.slow
BRIEF = ["--scenario", "smoke", "--epochs", "1", "--device", "cpu"]


@pytest.fixture(autouse=True)
def _small(generated: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contenders, "bare", lambda backbone: TINY)
    monkeypatch.setattr(contenders, "whole", lambda backbone: TINY)


def made(name: str, target: Path, *more: str) -> tuple[str, Any]:
    arguments = ["experiment", name, *BRIEF, "--target", str(target / "record.json"), *more]
    shown = CliRunner().invoke(app, arguments, catch_exceptions=False).stdout
    tables = [block.splitlines() for block in shown.split("\n\n") if block.startswith("|")]
    assert all(len({line.count("|") for line in table}) == 1 for table in tables)
    return shown, read(name, target / "record.json")


@pytest.mark.parametrize(("name", "classes", "printed"), [("table2", 6, "99.67%"), ("table5", 18, "61.22%")])
def test_one_label_is_counted_by_cell(
    tmp_path: Path, generated: Scenario, name: str, classes: int, printed: str
) -> None:
    shown, record = made(name, tmp_path, "--backbone", "cnn11")
    assert isinstance(record, OneLabelRecord)
    assert printed in shown
    (row,) = record.rows
    test = read_split(generated, "test")
    assert record.test_examples == sum(cell.right.count for cell in row.cells) == (test.attack < 3).sum()
    assert (row.classes, row.figures["label_accuracy"].floor) == (classes, pytest.approx(1 / classes, abs=1e-4))
    mean = np.average([cell.right.value for cell in row.cells], weights=[cell.right.count for cell in row.cells])
    assert row.figures["label_accuracy"].value == pytest.approx(mean, abs=1e-3)
    assert ("intensity_rmse" in row.figures) == (name == "table5")
    assert row.figures["attack_accuracy"].value >= row.figures["label_accuracy"].value


def test_parts_of_the_scenario_and_the_whole(tmp_path: Path, generated: Scenario) -> None:
    parts = ["--part", "fgsm,pgd,cw:tiny_a,tiny_b", "--part", "cw,fgsm:tiny_b"]
    shown, record = made("table9", tmp_path, "--backbone", "resnet18", *parts)
    assert isinstance(record, PartsRecord)
    assert "| FGSM, PGD | InceptionV3, ResNet18, VGG16 | 83.74% |" in shown
    test = read_split(generated, "test")
    sizes = [(test.attack < 3).sum(), (np.isin(test.attack, (0, 2)) & (test.victim == 1)).sum()]
    assert [row.test_examples for row in record.rows] == [size for size in sizes for _ in range(4)]
    assert [row.classes for row in record.rows] == [18] * 4 + [6] * 4
    assert [row.kind for row in record.rows[:4]] == ["one label", "one label", "three tasks", "three tasks"]
    for row in record.rows:
        figures = row.figures
        assert figures["label_accuracy"].value <= min(
            figures["attack_accuracy"].value, figures["victim_accuracy"].value
        )
    with pytest.raises(InputError, match="must be ATTACKS:MODELS"):
        made("table9", tmp_path, "--part", "fgsm")


def test_the_map_is_of_the_logits_of_table_2(tmp_path: Path, generated: Scenario) -> None:
    _, before = made("table2", tmp_path, "--backbone", "cnn11")
    picture = tmp_path / "map.png"
    shown, record = made("figure2", tmp_path, "--backbone", "cnn11", "--picture", str(picture))
    assert isinstance(record, Figure2Record)
    assert record.weights_sha256 == before.rows[0].weights_sha256  # trained once for both
    assert record.accuracy.value == before.rows[0].figures["label_accuracy"].value
    assert len(record.points) == len(record.attack) == len(record.victim) == record.test_examples
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert sum(row.count for row in record.rows) == record.test_examples
    assert all(0 <= row.own + row.next_share <= 1 for row in record.rows)
    assert "trustworthiness" in shown
    with pytest.raises(InputError, match="picture must end in"):
        made("figure2", tmp_path, "--picture", "map.gif")


def test_what_the_paper_prints_adds_up() -> None:
    for table in ONE_LABEL.values():
        assert np.mean(list(table.rows.values())) == pytest.approx(table.average, abs=0.02)
    assert PARTS["table9"][0].classifier == ONE_LABEL["table4"].average
    assert PARTS["table10"][0].classifier == ONE_LABEL["table5"].average
