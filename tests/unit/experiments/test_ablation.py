"""Each variant lacks one part, all learn from and are examined on the same images, and none is trained twice."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core import files, paths
from mtaa.core.card import Card
from mtaa.core.errors import Cancelled, InputError, UnknownNameError
from mtaa.core.progress import Silent
from mtaa.dataset.read import read_split
from mtaa.evaluation.predict import Predictions, predict
from mtaa.experiments import exam as exams
from mtaa.experiments import read, trained
from mtaa.experiments.ablation import paper, variants
from mtaa.experiments.ablation.record import AblationRecord, AblationSettings
from mtaa.experiments.ablation.run import run
from mtaa.experiments.clock import Clock
from mtaa.models.config import preset
from mtaa.models.network import Mtaa
from mtaa.models.store import read_network
from mtaa.scenario import Scenario
from mtaa.training.config import default
from tests.unit.experiments.conftest import NAME

SMALL = AblationSettings(scenario="smoke", scale=0.3, width=0.1, epochs=2, variants=["no_statistics"], device="cpu")


class StopAfter(Silent):
    """Cancels once so many batches are done, and counts them."""

    def __init__(self, batches: int = 10**9):
        self.left, self.done = batches, 0

    def advance(self, amount: int = 1, message: str = "") -> None:
        self.done += amount

    def raise_if_cancelled(self) -> None:
        if self.done >= self.left:
            raise Cancelled


def folders() -> list[Path]:
    return sorted((paths.home() / "experiments" / "ablation").glob("*-*"))


def test_the_reference_is_the_networks_preset() -> None:
    reference, *others = variants.ours(1.0)
    assert reference.network == preset("forensic")
    assert reference.training == default("forensic")
    made = {variant.name: Mtaa(variant.network, 4, 6, 1, 28) for variant in variants.ours(0.1)}
    sizes = {name: sum(weight.numel() for weight in network.parameters()) for name, network in made.items()}
    assert sizes["strided"] == sizes["equal_weights"] == sizes["full"]
    smaller = {"one_branch", "no_fusion", "no_planes", "no_statistics", "one_scale"}
    assert {name for name, size in sizes.items() if size < sizes["full"]} == smaller
    assert sizes["extractor"] > sizes["full"]
    for variant in others:
        before, after = ({**v.network.model_dump(), **v.training.model_dump()} for v in (reference, variant))
        changed = {key for key in before if before[key] != after[key]}
        assert changed == ({"extractor", "tap"} if variant.name == "extractor" else changed)
        assert len(changed) == (2 if variant.name == "extractor" else 1), variant.name


def test_the_papers_rows_are_those_of_table_13() -> None:
    found = {variant.name: variant for variant in variants.papers("table13")}
    assert found["resnet50_extractor"].network == preset("mtaa-paper-resnet50")
    assert found["resnet18_sum"].training.weighting == "sum"
    assert not found["resnet18_uncertainty"].network.branches
    assert found["resnet50_branches"].paper == pytest.approx(
        {"attack_accuracy": -0.0006, "victim_accuracy": -0.0062, "intensity_rmse": 0.38}
    )
    assert paper.change(paper.TABLES["table13"], 0, 1)["victim_accuracy"] == pytest.approx(0.8472 - 0.9784)
    assert [variant.network.backbone for variant in variants.papers("table14")][1:3] == ["resnet101", "resnet50"]


@pytest.mark.slow
def test_an_interrupted_variant_goes_on_and_a_finished_one_is_kept(generated: Scenario) -> None:
    whole = StopAfter()
    run(SMALL.model_copy(update={"seeds": (7,)}), whole)
    with pytest.raises(Cancelled):
        run(SMALL, StopAfter(whole.done * 3 // 8))  # within the second epoch of the first of two
    rest = StopAfter()
    record = run(SMALL, rest)
    assert whole.done / 2 < rest.done < whole.done
    assert [row.variant for row in record.rows] == ["full", "no_statistics"]
    again = StopAfter()
    assert run(SMALL, again).rows == record.rows
    assert again.done == 0
    assert not [left for folder in folders() for left in folder.glob("*.ckpt")]
    longer = StopAfter()
    run(SMALL.model_copy(update={"epochs": 1, "variants": []}), longer)  # other training is other work
    assert 0 < longer.done < whole.done


def test_figures_and_changes_are_those_of_the_stored_networks(generated: Scenario) -> None:
    record = run(SMALL, Silent())
    test, answers = read_split(generated, "test"), []
    for row in record.rows:
        (folder,) = [one for one in folders() if one.name.startswith(f"{row.variant}-0-") and _is(one, row.epochs)]
        configs = {v.name: v.network for v in variants.chosen(SMALL)}
        network = read_network(folder / trained.WEIGHTS, configs[row.variant], 4, 3, 1, 28)
        answers.append(predict(network, test.images, next(network.parameters()).device))
        right = (answers[-1].attack == test.attack).mean()
        assert row.figures["attack_accuracy"].value == pytest.approx(right, abs=1e-4)
        adversarial = test.attack != 3
        error = (answers[-1].intensity - test.intensity)[adversarial]
        assert row.figures["intensity_rmse"].value == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-3)
        victim = (answers[-1].victim == test.victim)[adversarial]
        assert row.figures["victim_accuracy"].value == pytest.approx(victim.mean(), abs=1e-4)
    first, second = record.rows
    assert not first.changes
    for name, change in second.changes.items():
        assert change.value == pytest.approx(second.figures[name].value - first.figures[name].value, abs=2e-4)
        assert change.low <= change.value <= change.high
    assert second.parameters < first.parameters
    assert second.flops < first.flops
    assert record.training_examples == round(0.3 * len(read_split(generated, "train")))
    assert "small-scale run" in record.remark


def _is(folder: Path, epochs: int) -> bool:
    return len(files.read_json(folder / trained.DONE)["curves"]) == epochs


def test_the_exam_may_be_a_checkpoints_and_never_holds_training_images(generated: Scenario, checkpoint: Card) -> None:
    train = read_split(generated, "train")
    exam = exams.open_exam(generated, NAME, train)
    assert exam.sha256 == checkpoint.test_sha256
    assert not np.intersect1d(exam.examples.source, train.source).size
    with pytest.raises(InputError, match="must not be in the checkpoint's test split"):
        exams.open_exam(generated, NAME, exam.examples)
    other = generated.model_copy(update={"victims": ["tiny_b", "tiny_a"]})
    with pytest.raises(InputError, match="must have the labels of scenario smoke"):
        exams.open_exam(other, NAME, train)


def test_a_network_that_knows_all_has_nothing_wrong(generated: Scenario) -> None:
    exam = exams.open_exam(generated, None, read_split(generated, "train"))
    truth = exam.examples
    knowing = Predictions(np.eye(4)[truth.attack], np.eye(3)[truth.victim], truth.intensity)
    guessing = Predictions(np.eye(4)[truth.attack * 0], np.eye(3)[truth.victim * 0], truth.intensity * 0 + 100)
    found, by_guess = exams.figures(exam, knowing), exams.figures(exam, guessing)
    assert {found[name].value for name in ("attack_accuracy", "victim_accuracy")} == {1}
    assert {found[name].value for name in found if name.endswith(("rmse", "rate"))} == {0}
    assert by_guess["false_alarm_rate"].value == 1
    assert by_guess["victim_accuracy"].value == by_guess["victim_accuracy"].floor == 0.5
    epsilon = truth.intensity[truth.attack < 2]
    assert by_guess["epsilon_rmse"].value == pytest.approx(np.sqrt(np.mean((100 - epsilon) ** 2)), abs=1e-3)
    assert exams.changes(exam, guessing, knowing)["attack_accuracy"].value == pytest.approx(
        1 - by_guess["attack_accuracy"].value, abs=1e-4
    )


def test_the_clock_counts_every_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("mtaa.experiments.clock.time.perf_counter", lambda: now[0])
    for wait, expected in ((3.0, 0.0), (6.0, 6.0), (9.0, 15.0)):  # three seconds are not worth a write
        clock = Clock(Silent(), "one", tmp_path / "clock.json")
        now[0] += wait
        clock.advance()
        assert clock.seconds == expected


def test_the_command_writes_what_it_prints(generated: Scenario, checkpoint: Card, tmp_path: Path) -> None:
    target = tmp_path / "record.json"
    arguments = ["experiment", "ablation", "--scenario", "smoke", "--checkpoint", NAME, "--variant", "no_statistics"]
    options = ["--scale", "0.3", "--width", "0.1", "--epochs", "2", "--device", "cpu", "--target", str(target)]
    printed = CliRunner().invoke(app, [*arguments, *options, "--json"], catch_exceptions=False).stdout
    assert json.loads(printed) == json.loads(target.read_text())
    found = read("ablation", target)
    assert isinstance(found, AblationRecord)
    assert found.test_sha256 == checkpoint.test_sha256
    shown = CliRunner().invoke(app, ["experiment", "show", "ablation", "--target", str(target)]).stdout
    assert "| no histograms |" in shown
    assert "Table 13 (MNIST" in shown
    tables = [block.splitlines() for block in shown.split("\n\n") if block.startswith("|")]
    assert len(tables) == 3
    assert all(len({line.count("|") for line in table}) == 1 for table in tables)
    with pytest.raises(UnknownNameError, match="did you mean no_statistics"):
        CliRunner().invoke(app, [*arguments, "--variant", "no_statistic"], catch_exceptions=False)
