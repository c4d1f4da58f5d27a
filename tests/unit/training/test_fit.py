from pathlib import Path

import numpy as np
import pytest
import torch

from mtaa.core import files
from mtaa.core.errors import Cancelled, InputError
from mtaa.core.progress import Silent
from mtaa.dataset.read import read_split
from mtaa.models.config import NetworkConfig
from mtaa.scenario import Scenario
from mtaa.training.config import TrainingConfig
from mtaa.training.fit import CURVES, LAST, Fitted, fit
from mtaa.training.module import Fitting

TINY = NetworkConfig(
    backbone="forensic", widths=(8, 8, 8, 8), tap="layer3", statistics=True, regression="per_attack", dropout=0.2
)
BRIEF = TrainingConfig(epochs=3, batch=64, extractor_epochs=1, average=0.9, optimiser="adamw", precision="32-true")


class StopAfter(Silent):
    """Cancels once so many batches of training are done."""

    def __init__(self, batches: int):
        self.left, self.counting = batches, False

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        self.counting = task == "training"

    def raise_if_cancelled(self) -> None:
        self.left -= self.counting
        if self.left < 0:
            raise Cancelled


def run(scenario: Scenario, folder: Path, resume: bool = False, progress: Silent | None = None) -> Fitted:
    train, validation = read_split(scenario, "train"), read_split(scenario, "validation")
    train = train.take(np.arange(0, len(train), 4))
    labels = (scenario.attack_labels, scenario.victim_labels)
    return fit(TINY, BRIEF, train, validation, labels, folder, resume, progress=progress)


def test_resumed_run_ends_where_an_unbroken_one_does(generated: Scenario, tmp_path: Path) -> None:
    unbroken = run(generated, tmp_path / "unbroken")
    with pytest.raises(Cancelled):
        run(generated, tmp_path / "broken", progress=StopAfter(6))
    assert (tmp_path / "broken" / LAST).is_file()
    resumed = run(generated, tmp_path / "broken", resume=True)
    assert [row["epoch"] for row in resumed.curves] == [1, 2, 3]
    assert resumed.curves == files.read_json(tmp_path / "broken" / CURVES)
    expected = unbroken.network.state_dict()
    for name, weight in resumed.network.state_dict().items():
        torch.testing.assert_close(weight.float(), expected[name].float(), rtol=1e-3, atol=1e-4, msg=name)


def test_another_run_is_not_gone_on_with(generated: Scenario, tmp_path: Path) -> None:
    run(generated, tmp_path)
    train, validation = read_split(generated, "train"), read_split(generated, "validation")
    labels, other = (generated.attack_labels, generated.victim_labels), BRIEF.model_copy(update={"seed": 5})
    with pytest.raises(InputError, match="got other settings, examples; take another name, or begin anew"):
        fit(TINY, other, train, validation, labels, tmp_path, resume=True)
    assert not (tmp_path / "scratch-0").exists()


def test_what_resume_reads_holds_no_code(generated: Scenario, tmp_path: Path) -> None:
    run(generated, tmp_path)
    kept = torch.load(tmp_path / LAST, weights_only=True)
    assert kept["epoch"] == 2


def test_the_last_epoch_is_kept_even_where_it_was_not_the_best(
    generated: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = Fitting.on_validation_epoch_end

    def ever_worse(self: Fitting) -> None:
        self._sums["loss"] = self._sums["count"] * (1 + self.current_epoch)
        ended(self)

    monkeypatch.setattr(Fitting, "on_validation_epoch_end", ever_worse)
    run(generated, tmp_path)
    epochs = [torch.load(tmp_path / name, weights_only=True)["epoch"] for name in ("best.ckpt", LAST)]
    assert epochs == [0, 2]


def test_curves_have_the_three_tasks(generated: Scenario, tmp_path: Path) -> None:
    row = run(generated, tmp_path).curves[-1]
    for name in ("attack_accuracy", "victim_accuracy", "intensity_rmse", "loss"):
        assert row[f"validation_{name}"] >= 0
    assert {"train_attack", "train_victim", "train_intensity"} <= row.keys()
