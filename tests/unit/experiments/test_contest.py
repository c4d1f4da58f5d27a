"""Single tasks are three bare backbones, each asked for its own task alone; Δ_MTL is eq. 15 on the row's figures."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core import files, paths
from mtaa.core.errors import InputError, UnknownNameError
from mtaa.dataset.read import read_split
from mtaa.evaluation.multitask import delta_mtl
from mtaa.evaluation.predict import predict
from mtaa.experiments import contenders, read, trained
from mtaa.experiments.contest.models import ALL, models
from mtaa.experiments.contest.record import ContestRecord, ContestSettings
from mtaa.models import cost
from mtaa.models.config import preset
from mtaa.models.network import Mtaa
from mtaa.models.store import read_network
from mtaa.scenario import Scenario
from mtaa.training.config import TASKS
from tests.unit.experiments.conftest import TINY

NAMES = ("attack_accuracy", "victim_accuracy", "intensity_rmse")


def test_the_networks_have_the_size_the_paper_gives() -> None:
    found = {model.name: model for model in models(ContestSettings(table="table7", epochs=7), seed=0)}
    assert list(found) == ["single-cnn11", "single-resnet50", "multi-resnet50", "single-forensic", "multi-forensic"]
    assert list(found["single-resnet50"].networks) == list(TASKS)
    bare, training = found["single-resnet50"].networks["victim"]
    assert training.tasks == ("victim",)
    size = 3 * cost.parameters(Mtaa(bare, 3, 5, 1, 28))
    assert 70e6 < size < 72e6  # Table 7: 71 M
    assert found["multi-resnet50"].networks[ALL][0] == preset("mtaa-paper-resnet50")
    assert found["multi-forensic"].networks[ALL][0] == preset("forensic")
    assert {t.epochs for model in found.values() for _, t in model.networks.values()} == {7}
    layers = Mtaa(contenders.bare("cnn11"), 3, 5, 1, 28).shared
    assert sum(weight.dim() == 4 for weight in [*layers.parameters(), *layers.branch().parameters()]) + 1 == 11


def test_what_is_asked_for_comes_with_its_baseline() -> None:
    asked = ContestSettings(table="table8", models=["multi-resnet101"])
    assert [model.name for model in models(asked, 0)] == ["single-resnet101", "multi-resnet101"]
    with pytest.raises(InputError, match=r"backbones.0 must be 'resnet18', .* got 'resnet34'"):
        CliRunner().invoke(app, ["experiment", "table7", "--backbone", "resnet34"], catch_exceptions=False)
    with pytest.raises(UnknownNameError, match="did you mean multi-resnet101"):
        models(asked.model_copy(update={"models": ["multi-resnet10"]}), 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["table7", "table11"])
def test_each_answer_is_that_of_the_network_for_its_task(
    generated: Scenario, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setattr(contenders, "bare", lambda backbone: TINY)
    monkeypatch.setattr(contenders, "whole", lambda backbone: TINY)
    target = tmp_path / "record.json"
    arguments = ["experiment", name, "--scenario", "smoke", "--scale", "0.2", "--target", str(target)]
    options = ["--epochs", "1", "--model", "multi-forensic", "--device", "cpu"]
    shown = CliRunner().invoke(app, [*arguments, *options], catch_exceptions=False).stdout
    assert "| single task, three of ours |" in shown
    assert ("+1.17%" if name == "table7" else "+2.41%") in shown
    record = read(name, target)
    assert isinstance(record, ContestRecord)
    single, ours = record.rows
    assert single.delta_mtl is None
    assert not single.changes
    assert single.parameters == 3 * ours.parameters
    by_hand = delta_mtl(*([row.figures[one].value for one in NAMES] for row in (ours, single)), [False, False, True])
    assert ours.delta_mtl == pytest.approx(by_hand, abs=1e-4)
    test, labels = read_split(generated, "test"), (4, 3)
    if name == "table7":
        test, labels = test.take(np.flatnonzero(test.attack != 3)), (3, 2)
    assert ("false_alarm_rate" in single.figures) == (name == "table11")
    assert record.test_examples == len(test)
    folders = (paths.home() / "experiments" / contenders.SHARED).glob("forensic-victim-0-*")
    (folder,) = [one for one in folders if files.sha256_file(one / trained.WEIGHTS) == single.weights_sha256["victim"]]
    network = read_network(folder / trained.WEIGHTS, TINY, *labels, 1, 28)
    right = predict(network, test.images, next(network.parameters()).device).victim == test.victim
    assert single.figures["victim_accuracy"].value == pytest.approx(right[test.attack != 3].mean(), abs=1e-4)
    by_task = {}
    for task in ("attack", "intensity"):
        folders = (paths.home() / "experiments" / contenders.SHARED).glob(f"forensic-{task}-0-*")
        (folder,) = [one for one in folders if files.sha256_file(one / trained.WEIGHTS) == single.weights_sha256[task]]
        network = read_network(folder / trained.WEIGHTS, TINY, *labels, 1, 28)
        by_task[task] = predict(network, test.images, next(network.parameters()).device)
    # The network for the intensity was never told which attack is which: the other one says whose line is read.
    said = by_task["intensity"].intensities[np.arange(len(test)), by_task["attack"].attack]
    off = (said - test.intensity)[test.attack != 3]
    assert single.figures["intensity_rmse"].value == pytest.approx(np.sqrt(np.mean(off**2)), rel=1e-3)


def test_false_alarms_need_clean_images() -> None:
    from mtaa.experiments.portion import part

    with pytest.raises(InputError, match="must have clean images"):
        part((["fgsm", "pgd"], ["tiny_a"]), clean=True)
