"""The whole path on the smoke scenario, as a user would go it: generate, train, evaluate, attribute."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.errors import InputError, IntegrityError
from mtaa.dataset.manifest import folder
from mtaa.scenario import Scenario

EPOCHS = "6"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def checkpoint(generated: Scenario) -> str:
    run("train", "--scenario", "smoke", "--name", "trial", "--epochs", EPOCHS)
    return "trial"


@pytest.mark.slow
def test_it_learns_more_than_the_floor(checkpoint: str) -> None:
    overall = cards.read(checkpoint).metrics["overall"]
    assert overall["attack_accuracy"]["low"] > overall["attack_accuracy"]["floor"]
    assert overall["intensity_rmse"]["high"] < overall["intensity_rmse"]["floor"]


@pytest.mark.slow
def test_evaluating_again_gives_the_cards_figures_to_the_digit(checkpoint: str) -> None:
    record = json.loads(run("evaluate", "--checkpoint", checkpoint, "--json"))
    card = cards.read(checkpoint)
    for part in ("overall", "by_attack", "by_victim"):
        assert record["figures"][part] == card.metrics[part]
    assert (
        record["weights_sha256"] == card.weights_sha256 == files.sha256_file(cards.folder(checkpoint) / cards.WEIGHTS)
    )
    assert json.loads((paths.results() / "evaluation-trial.json").read_text())["figures"] == record["figures"]


@pytest.mark.slow
def test_attributes_images_and_refuses_others(checkpoint: str, generated: Scenario, tmp_path: Path) -> None:
    run("samples", "--scenario", "smoke", "--target", str(tmp_path))
    truths = files.read_json(tmp_path / "manifest.json")["samples"]
    names = [str(tmp_path / truth["file"]) for truth in truths]
    verdicts = json.loads(run("attribute", *names, "--checkpoint", checkpoint, "--json"))
    assert [verdict["observed"]["sha256"] for verdict in verdicts] == [truth["sha256"] for truth in truths]
    right = sum(v["inferred"]["attack"]["label"] == t["attack"] for v, t in zip(verdicts, truths, strict=True))
    assert right > len(truths) / 2
    (tmp_path / "note.png").write_text("no image")
    command = ["attribute", str(tmp_path / "note.png"), names[0], "--checkpoint", checkpoint, "--json"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 2
    refusal, verdict = json.loads(result.stdout)
    assert "must be" in refusal["reason"]
    assert verdict["schema_version"] == 2


@pytest.mark.slow
def test_a_name_in_use_is_not_overwritten(checkpoint: str) -> None:
    with pytest.raises(InputError, match="must be new, got trial"):
        run("train", "--scenario", "smoke", "--name", "trial")


@pytest.mark.slow
def test_changed_weights_are_refused(checkpoint: str) -> None:
    path = cards.folder(checkpoint) / cards.WEIGHTS
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(IntegrityError, match="another hash"):
            run("evaluate", "--checkpoint", checkpoint)
    finally:
        path.write_bytes(whole)


@pytest.mark.slow
def test_resuming_a_finished_training_changes_nothing(checkpoint: str, generated: Scenario) -> None:
    before = cards.read(checkpoint)
    run("train", "--scenario", "smoke", "--name", "trial", "--epochs", EPOCHS, "--resume", "--replace")
    after = cards.read(checkpoint)
    assert after.weights_sha256 == before.weights_sha256
    assert after.metrics == before.metrics
    assert folder(generated).is_dir()
