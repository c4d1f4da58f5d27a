"""What survives a change is measured on changed images, and kept on the card only where that is asked for."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.core.errors import IntegrityError
from mtaa.core.progress import Silent
from mtaa.dataset.examples import Examples
from mtaa.evaluation.predict import predict
from mtaa.experiments import read
from mtaa.experiments.survival.changes import CHANGES, PLAN
from mtaa.experiments.survival.record import SurvivalRecord, SurvivalSettings
from mtaa.experiments.survival.run import run
from mtaa.models.store import load_network
from tests.unit.experiments.conftest import NAME


def test_a_lossless_file_changes_nothing_and_a_lossy_one_does(examples: Examples) -> None:
    images = examples.images[:6]
    for step in PLAN:
        changed = CHANGES[step.name](images, step.strength, 0)
        assert (changed.shape, changed.dtype) == (images.shape, np.uint8)
        assert (changed == images).all() == (step.name in {"png", "webp_lossless"}), step


def test_figures_are_of_the_changed_images(checkpoint: Card, examples: Examples) -> None:
    record = run(SurvivalSettings(checkpoint=NAME, device="cpu"), Silent())
    assert [row.change for row in record.rows] == [step.name for step in PLAN]
    network, place = load_network(checkpoint), next(load_network(checkpoint).parameters()).device
    by_hand = {"none": examples.images, "resize": CHANGES["resize"](examples.images, 50, 0)}
    rows = {(row.change, row.strength): row for row in [record.unchanged, *record.rows]}
    for change, strength in (("none", 0), ("resize", 50)):
        right = predict(network, by_hand[change], place).attack == examples.attack
        assert rows[change, strength].figures["attack_accuracy"].value == pytest.approx(right.mean(), abs=1e-3)
    assert rows["png", 0].figures == record.unchanged.figures
    assert rows["jpeg", 90].marked["jpeg_ghost"].value > record.unchanged.marked["jpeg_ghost"].value
    assert rows["jpeg_cropped", 90].marked["jpeg_displaced"].value > 0.8
    assert rows["webp", 95].marked["narrow_levels"].value > 0.9 > record.unchanged.marked["narrow_levels"].value
    assert cards.read(NAME).survival is None


def test_a_card_keeps_what_is_of_its_own_weights(checkpoint: Card, tmp_path: Path) -> None:
    target = tmp_path / "record.json"
    arguments = ["experiment", "survival", "--checkpoint", NAME, "--scale", "0.5", "--device", "cpu"]
    try:
        result = CliRunner().invoke(app, [*arguments, "--keep", "--target", str(target)], catch_exceptions=False)
        assert "| JPEG, quality 95 |" in result.stdout
        record = read("survival", target)
        assert isinstance(record, SurvivalRecord)
        kept = cards.read(NAME).survival
        assert kept == record.survival
        assert kept is not None
        other = kept.model_copy(update={"weights_sha256": "ab"})
        with pytest.raises(IntegrityError, match="must be of its own weights"):
            cards.with_survival(checkpoint.name, other)
    finally:
        cards.marked(checkpoint)
