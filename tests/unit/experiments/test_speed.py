"""The cost of a verdict is timed from bytes to verdict, and beside it the networks that it would take otherwise."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core.card import Card
from mtaa.core.progress import Silent
from mtaa.experiments import read
from mtaa.experiments.speed.record import SpeedRecord, SpeedSettings
from mtaa.experiments.speed.run import run
from mtaa.models import cost
from mtaa.models.store import load_network
from tests.unit.experiments.conftest import NAME

BRIEF = SpeedSettings(checkpoint=NAME, backbone="resnet18", images=8, singles=3, many=12, repeats=2, device="cpu")


def test_what_is_timed_is_what_is_named(checkpoint: Card) -> None:
    record = run(BRIEF, Silent())
    ours, three, papers = record.networks
    assert ours.parameters == cost.parameters(load_network(checkpoint))
    assert (ours.networks, three.networks, papers.networks) == (1, 3, 1)
    assert ours.ratio == 1
    assert three.ratio == pytest.approx(three.images_per_second / ours.images_per_second, abs=1e-2)
    assert papers.parameters > 15e6  # a ResNet18 with a second last stage and the auto-encoder
    told = record.verdicts
    assert 0 < told.median <= told.percentile_95 <= told.slowest
    assert told.many_seconds > 0
    assert told.peak_memory is None or told.peak_memory > 50e6


def test_both_names_of_the_command_do_the_same(checkpoint: Card, tmp_path: Path) -> None:
    target = tmp_path / "record.json"
    for words in (["bench", "attribution"], ["experiment", "speed"]):
        options = ["--checkpoint", NAME, "--backbone", "resnet18", "--images", "4", "--repeats", "1"]
        shown = CliRunner().invoke(app, [*words, *options, "--target", str(target)], catch_exceptions=False).stdout
        assert "| three single-task networks, Forensic |" in shown
        assert isinstance(read("speed", target), SpeedRecord)
        target.unlink()
