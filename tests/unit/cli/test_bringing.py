from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core.errors import InputError
from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.victims import ARCHITECTURES, read_card
from tests.unit.victims import brought

RUN = CliRunner()


@pytest.fixture
def file(smoke: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Weights of a network that was fitted on the images as they are."""
    for name in ("HOME", "CHECKPOINTS"):
        monkeypatch.setenv(f"MTAA_{name}", str(tmp_path / name.lower()))
    torch.manual_seed(0)
    network = brought.fitted(ARCHITECTURES["tiny_a"].build(10, 28, False), open_source(smoke.images))
    return str(brought.weights(network, tmp_path / "mine.safetensors"))


def add(*arguments: str) -> str:
    result = RUN.invoke(app, ["victims", "add", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_a_model_is_added_and_listed(file: str, smoke: Scenario) -> None:
    told = add("mine", file, "--architecture", "tiny_a", "--scenario", "smoke", "--mean", "0", "--std", "1,1,1")
    card = read_card(smoke.images, "mine")
    assert card.weights_sha256[:12] in told
    assert f"accuracy {card.accuracy:.2%}" in told
    assert card.std == [1, 1, 1]
    listed = RUN.invoke(app, ["list", "victims", "--json"], catch_exceptions=False).stdout
    assert '"mine"' in listed
    assert f"brought for digits as tiny_a, {card.accuracy:.2%} right" in listed


def test_training_measures_its_reach_and_leaves_it_as_it_is(file: str, smoke: Scenario, tmp_path: Path) -> None:
    add("mine", file, "--architecture", "tiny_a", "--scenario", "smoke", "--json")
    text = (Path(__file__).parents[3] / "mtaa/scenario/presets/smoke.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(text.replace("[tiny_a, tiny_b]", "[mine]"), encoding="utf-8")
    before = read_card(smoke.images, "mine")
    for extra in ([], ["--again"]):
        result = RUN.invoke(app, ["victims", "train", "--scenario", str(tmp_path / "own.yaml"), *extra])
        assert result.exit_code == 0
        assert "mine: accuracy" in result.stdout
        assert "reachable margin" in result.stdout
    after = read_card(smoke.images, "mine")
    assert after.reach
    assert (after.weights_sha256, after.accuracy) == (before.weights_sha256, before.accuracy)


def test_bad_options_are_one_sentence(file: str) -> None:
    for arguments, said in (
        (("mine", file, "--scenario", "smoke"), "architecture must be named"),
        (("mine", f"{file}.gone", "--scenario", "smoke"), "model must be a readable file"),
        (("mine", file, "--images", "digits"), "must be a data set with one size of its own, got digits"),
        (("mine", file, "--images", "mnist"), "run: mtaa data fetch mnist"),
        (("mine", file, "--mean", "x", "--scenario", "smoke"), "mean must be numbers"),
    ):
        with pytest.raises(InputError, match=said):
            RUN.invoke(app, ["victims", "add", *arguments], catch_exceptions=False)


def test_a_model_is_removed_once_that_is_confirmed(file: str, smoke: Scenario) -> None:
    add("mine", file, "--architecture", "tiny_a", "--scenario", "smoke")
    with pytest.raises(InputError, match="removing must be confirmed, got no terminal to ask at; give --yes"):
        RUN.invoke(app, ["victims", "remove", "mine"], catch_exceptions=False)
    card = read_card(smoke.images, "mine")
    told = RUN.invoke(app, ["victims", "remove", "mine", "--yes"], catch_exceptions=False)
    assert f"weights {card.weights_sha256[:12]}" in told.stdout
    with pytest.raises(InputError, match="'mine' is unknown"):
        RUN.invoke(app, ["victims", "remove", "mine", "--yes"], catch_exceptions=False)
