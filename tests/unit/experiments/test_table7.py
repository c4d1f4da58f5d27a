"""Single tasks are three bare backbones, each asked for its own task alone; Δ_MTL is eq. 15 on the row's figures."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core import files, paths
from mtaa.dataset.read import read_split
from mtaa.evaluation.multitask import delta_mtl
from mtaa.evaluation.predict import predict
from mtaa.experiments import read, trained
from mtaa.experiments.table7.models import ALL, Model, models
from mtaa.experiments.table7.record import Table7Record, Table7Settings
from mtaa.models import cost
from mtaa.models.config import NetworkConfig, preset
from mtaa.models.network import Mtaa
from mtaa.models.store import read_network
from mtaa.scenario import Scenario
from mtaa.training.config import TASKS, TrainingConfig

TINY = NetworkConfig(backbone="forensic", widths=(8, 8, 8, 8), extractor=False, statistics=True)
BRIEF = TrainingConfig(epochs=1, precision="32-true")


def test_three_single_networks_have_the_size_the_paper_gives() -> None:
    single, paper, ours = models(Table7Settings(backbone="resnet50", epochs=7))
    assert list(single.networks) == list(TASKS)
    bare, training = single.networks["victim"]
    assert training.tasks == ("victim",)
    size = 3 * cost.parameters(Mtaa(bare, 3, 5, 1, 28))
    assert 70e6 < size < 72e6  # Table 7: 71 M
    assert paper.networks[ALL][0] == preset("mtaa-paper-resnet50")
    assert ours.networks[ALL][0] == preset("forensic")
    assert {t.epochs for model in (single, paper, ours) for _, t in model.networks.values()} == {7}


@pytest.mark.slow
def test_each_answer_is_that_of_the_network_for_its_task(
    generated: Scenario, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alone = {task: (TINY, BRIEF.model_copy(update={"tasks": (task,)})) for task in TASKS}
    made = [Model("single", "three", alone), Model("ours", "one", {ALL: (TINY, BRIEF)})]
    monkeypatch.setattr("mtaa.experiments.table7.run.models", lambda settings: made)
    target = tmp_path / "record.json"
    arguments = ["experiment", "table7", "--scenario", "smoke", "--scale", "0.2", "--target", str(target)]
    shown = CliRunner().invoke(app, [*arguments, "--device", "cpu"], catch_exceptions=False).stdout
    assert "| three |" in shown
    assert "+1.17%" in shown
    record = read("table7", target)
    assert isinstance(record, Table7Record)
    single, ours = record.rows
    assert single.delta_mtl == 0
    assert not single.changes
    assert single.parameters == 3 * ours.parameters
    names = ("attack_accuracy", "victim_accuracy", "intensity_rmse")
    by_hand = delta_mtl(*([row.figures[name].value for name in names] for row in (ours, single)), [False, False, True])
    assert ours.delta_mtl == pytest.approx(by_hand, abs=1e-4)
    test = read_split(generated, "test")
    (folder,) = (paths.home() / "experiments" / "table7").glob("single-victim-0-*")
    network = read_network(folder / trained.WEIGHTS, TINY, 4, 3, 1, 28)
    right = predict(network, test.images, next(network.parameters()).device).victim == test.victim
    assert single.figures["victim_accuracy"].value == pytest.approx(right[test.attack != 3].mean(), abs=1e-4)
    assert single.weights_sha256["victim"] == files.sha256_file(folder / trained.WEIGHTS)
