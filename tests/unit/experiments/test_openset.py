"""Strange images are told from known ones by scores that are checked on planted ones, and by a record of each case."""

import numpy as np
import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core import paths
from mtaa.core.card import Card
from mtaa.core.progress import Silent
from mtaa.evaluation import metrics
from mtaa.experiments import read
from mtaa.experiments.openset import tables
from mtaa.experiments.openset.record import OpensetRecord, OpensetSettings
from mtaa.experiments.openset.run import run
from mtaa.experiments.openset.scores import SCORES, Reference, Seen, open_set_rate
from tests.unit.experiments.conftest import NAME

UNSEEN = {"BIM", "MI-FGSM", "APGD", "Square", "PGD-L2", "DeepFool"}


def planted(seed: int, directions: np.ndarray, sureness: float) -> tuple[Seen, np.ndarray]:
    """Forty images around each of `directions`, whose logits are as sure as is said, and their places there."""
    dice = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(directions)), 40)
    around = directions[labels] + 0.1 * dice.standard_normal((len(labels), directions.shape[1]))
    logits = sureness * np.eye(3)[labels % 3] + 0.1 * dice.standard_normal((len(labels), 3))
    return Seen(around.astype(np.float32), logits.astype(np.float32)), labels


@pytest.mark.parametrize("score", SCORES)
def test_a_score_is_higher_for_what_is_strange(score: str) -> None:
    known = np.eye(8)[:3] * 4
    reference = Reference(*planted(0, known, 6))
    alike, _ = planted(1, known, 6)
    strange, _ = planted(2, np.eye(8)[5:] * 4, 1)
    near, far = (SCORES[score](reference, seen) for seen in (alike, strange))
    assert near.shape == (120,)
    assert metrics.auroc(near, far).value > 0.99
    assert 0.4 < metrics.auroc(near, SCORES[score](reference, planted(3, known, 6)[0])).value < 0.6


def test_the_area_counts_ties_half_and_has_an_interval() -> None:
    found = metrics.auroc(np.array([0.0, 1, 1, 2]), np.array([1.0, 2, 3]))
    assert found.value == pytest.approx(9.5 / 12, abs=1e-4)
    assert found.low < found.value < found.high
    assert found.floor == 0.5


def test_who_is_wrong_about_the_known_gains_nothing_by_noticing_the_strange() -> None:
    known, strange = np.arange(4.0), np.arange(10.0, 14)
    assert open_set_rate(known, np.ones(4, bool), strange) == 1
    assert open_set_rate(known, np.array([True, False, True, False]), strange) == 0.5
    assert open_set_rate(strange, np.ones(4, bool), known) == 0


@pytest.mark.slow
def test_every_case_is_measured_and_shown(checkpoint: Card) -> None:
    settings = OpensetSettings(
        checkpoint=NAME, examples=1, strengths=2, strangers=(), reseeded=("tiny_a",), pictures=("mnits",), device="cpu"
    )
    before = {path.name for path in paths.checkpoints().iterdir()}
    record = run(settings, Silent())
    assert {path.name for path in paths.checkpoints().iterdir()} == before
    assert record.absent == ["mnits"]
    rows = {row.said: row for row in record.rows}
    assert {row.said for row in record.rows if row.kind == "attack"} == UNSEEN
    assert rows["BIM"].count == 2 * len([name for name in checkpoint.victims if name != "none"])
    assert rows["Tiny A, seed 1"].task == "victim"
    assert set(rows["Tiny A, seed 1"].named) <= {"tiny_a", "tiny_b"}
    assert sum(rows["BIM"].named.values()) == rows["BIM"].count
    assert all(sum(row.standing.values()) == row.count for row in record.rows)
    assert set(record.oscr) == {"attack", "victim"}
    assert all(rate <= record.accuracy["attack"].value + 1e-4 for rate in record.oscr["attack"].values())
    assert "| BIM | attack |" in tables.text(record)
    assert "| what verdicts say | a known tool-chain |" in tables.text(record)


@pytest.mark.usefixtures("bundled")
def test_the_record_that_ships_is_shown() -> None:
    result = CliRunner().invoke(app, ["experiment", "show", "openset"], catch_exceptions=False)
    record = read("openset")
    assert isinstance(record, OpensetRecord)
    assert result.stdout.strip() == tables.text(record)
