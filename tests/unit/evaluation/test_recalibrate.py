"""Calibrating a checkpoint that is there, on the scenario that takes seconds."""

import numpy as np
import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.dataset import manifest
from mtaa.dataset.covering import covering
from mtaa.dataset.read import read_export, read_split
from mtaa.evaluation.evaluate import evaluate
from mtaa.evaluation.publish import publish
from mtaa.evaluation.recalibrate import recalibrate
from mtaa.evaluation.tables import summary
from mtaa.images import open_source
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.scenario import Scenario
from mtaa.scenario.calibration import calibration

NAME = "calibrating"
TINY = NetworkConfig(
    backbone="forensic", widths=(8, 8, 8, 8), extractor=False, statistics=True, regression="per_attack"
)


@pytest.fixture(scope="module")
def published(generated: Scenario) -> Card:
    """A checkpoint of the smoke scenario, its network untrained."""
    network = Mtaa(TINY, len(generated.attack_labels), len(generated.victim_labels), 1, 28).eval()
    parts = [read_split(generated, split) for split in ("validation", "test")]
    return publish(NAME, "", generated, network, {}, *parts, replace=True)


@pytest.fixture(scope="module")
def recalibrated(published: Card) -> Card:
    return recalibrate(NAME, 3)


def test_a_new_checkpoint_is_calibrated_on_what_its_training_was_watched_by(
    published: Card, generated: Scenario
) -> None:
    assert published.calibration.conformal is not None
    made = published.calibration.conformal.fitted_on
    assert (made.scenario_sha256, made.data_sha256, made.fresh) == (generated.hash, published.data_sha256, False)
    assert sum(made.examples.values()) == generated.total("validation")


def test_only_the_calibration_changes(published: Card, recalibrated: Card) -> None:
    assert files.sha256_file(cards.folder(NAME) / cards.WEIGHTS) == published.weights_sha256
    assert cards.read(NAME) == recalibrated
    kept = {"calibration", "metrics"}
    assert recalibrated.model_dump(exclude=kept) == published.model_dump(exclude=kept)
    assert recalibrated.calibration != published.calibration
    for part in ("overall", "by_attack", "by_victim"):
        assert _but_coverage(recalibrated.metrics[part]) == _but_coverage(published.metrics[part])


def test_it_says_what_it_was_made_of(recalibrated: Card, generated: Scenario) -> None:
    assert recalibrated.calibration.conformal is not None
    wanted, made = calibration(generated, 3), recalibrated.calibration.conformal.fitted_on
    assert (made.scenario_sha256, made.precision, made.seed, made.fresh) == (wanted.hash, "float32", wanted.seed, True)
    assert made.examples == {"fgsm": 18, "pgd": 18, "cw": 18, "clean": 18}


def test_it_is_of_validation_images_alone(recalibrated: Card, generated: Scenario) -> None:
    wanted = calibration(generated, 3)
    made, images = read_split(wanted, "validation"), open_source(generated.images)
    allowed = {images.identity(int(index)) for index in images.indices("validation")}
    assert set(made.source.tolist()) <= allowed
    test = read_export(cards.folder(NAME) / cards.TEST_SPLIT, recalibrated.attacks, recalibrated.victims)
    assert not np.isin(made.source, test.source).any()
    assert (wanted.total("train"), wanted.total("test")) == (0, 0)
    watched = read_split(generated, "validation")
    assert made.source[:20].tolist() != watched.source[:20].tolist()


def test_promises_are_measured_and_shown(recalibrated: Card) -> None:
    record = evaluate(NAME)
    assert [one.level for one in record.promises] == [0.9, 0.95]
    first = record.promises[0]
    assert set(first.attack) == {"all", "fgsm", "pgd", "cw", "clean"}
    assert first.attack["all"].coverage.count == record.examples
    assert "attack, 90%" in summary(record)


def test_the_command_says_what_it_did(recalibrated: Card) -> None:
    told = CliRunner().invoke(app, ["calibrate", "--checkpoint", NAME, "--examples", "3"], catch_exceptions=False)
    assert told.exit_code == 0
    assert "fitted on 18 fgsm, 18 pgd, 18 cw, 18 clean; gradients in float32" in told.stdout
    assert cards.read(NAME) == recalibrated


def test_other_source_models_are_refused(recalibrated: Card) -> None:
    strange = recalibrated.model_copy(update={"victims_sha256": {"tiny_a": "00" * 32}})
    path = cards.folder(NAME) / cards.CARD
    whole = path.read_bytes()
    try:
        files.write_json(path, strange.model_dump(mode="json"))
        with pytest.raises(InputError, match="source model tiny_a must be the one"):
            recalibrate(NAME, 3)
    finally:
        path.write_bytes(whole)


def test_it_never_serves_as_examples_to_train_on(recalibrated: Card, generated: Scenario) -> None:
    other = generated.model_copy(update={"seed": 5})
    assert not manifest.store(other).exists(manifest.NAME)
    found = covering(other)
    assert found is None or found.total("train")


def _but_coverage(cells: dict[str, dict[str, object]]) -> dict[str, object]:
    """Figures without that of intervals, which are another calibration's."""
    return {name: value for name, value in cells.items() if name != "interval_coverage"} | {
        name: {key: figure for key, figure in value.items() if key != "interval_coverage"}
        for name, value in cells.items()
        if "value" not in value
    }
