"""A checkpoint is started from, on the smoke scenario: by a training at large, and by few examples of a new attack."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from mtaa.cases.store import Store
from mtaa.cli.commands import app
from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.core.errors import InputError
from mtaa.core.progress import Silent
from mtaa.dataset import manifest
from mtaa.dataset.generate import generate
from mtaa.dataset.read import read_export, read_split
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import JobRequest
from mtaa.jobs.stages import DOING
from mtaa.models import config
from mtaa.models.config import preset
from mtaa.scenario import AttackSpec, Grid, Scenario, growth
from mtaa.scenario.presets import dump
from mtaa.training.ground import stand_on
from mtaa.victims import read_card
from tests.unit.api.test_growing import of

pytestmark = pytest.mark.slow
TINY = {"backbone": "forensic", "widths": (8, 8, 8, 8), "extractor": False, "statistics": True, "dropout": 0.2}
BIM = AttackSpec(name="bim", intensities=Grid(start=40, stop=160, step=60))


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def start(generated: Scenario) -> Iterator[str]:
    """A checkpoint of a network that is small; as a preset, so that commands can name it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(config._PRESETS, "forensic", TINY | {"regression": "per_attack"})
        run("train", "--scenario", "smoke", "--name", "start", "--epochs", "2")
        yield "start"


def test_few_examples_make_a_new_checkpoint_beside_the_old_one(start: str, generated: Scenario) -> None:
    before = cards.read(start)
    said = run("grow", "--checkpoint", start, "--attack", "bim", "--examples", "20", "--epochs", "1")
    assert cards.read(start) == before
    card = cards.read("start-bim")
    assert card.attacks == ["fgsm", "pgd", "cw", "bim", "clean"]
    assert card.victims == before.victims
    assert card.intensity_grids["bim"] == (40, 160)
    found = card.growth
    assert found is not None
    assert (found.start, found.weights_sha256, found.test_sha256) == (start, before.weights_sha256, before.test_sha256)
    assert found.attacks["bim"].trained_on == 20
    assert found.replayed == generated.total("train")  # its own examples are here
    for key in ("attack_accuracy", "intensity_rmse"):
        assert found.figures[key].before == pytest.approx(before.metrics["overall"][key]["value"], abs=2e-4)
    assert "| BIM | 20 |" in said
    test = read_export(cards.folder("start-bim") / cards.TEST_SPLIT, card.attacks, card.victims)
    old = read_export(cards.folder(start) / cards.TEST_SPLIT, before.attacks, before.victims)
    assert len(test) == len(old) + found.attacks["bim"].count
    record = json.loads(run("evaluate", "--checkpoint", "start-bim", "--json"))
    assert record["figures"]["overall"] == card.metrics["overall"]


def test_images_of_a_case_are_learnt_from_and_some_are_held_out(start: str, generated: Scenario) -> None:
    ground = stand_on(start, growth.few_shot(generated, [BIM], [], 20, "start-bim-case"))
    (part,) = growth.additions(ground.known, ground.wanted)
    generate(part)
    store = Store()
    images = read_split(part, "train").images[:24]
    number = store.open_case("seen in the wild", [of(one[0]) for one in images])
    for image in store.case(number).images:
        store.assess(number, image.sha256, "adversarial")
    asked = ("grow", "--checkpoint", start, "--attack", "bim", "--examples", "20", "--case", str(number))
    said = run(*asked, "--name", "start-bim-case")
    found = cards.read("start-bim-case").growth
    assert found is not None
    own = found.labelled
    assert own is not None
    assert (len(own.learnt), len(own.held_out), own.origin) == (18, 6, f"case {number}")
    assert sorted([*own.learnt, *own.held_out]) == sorted(image.sha256 for image in store.case(number).images)
    assert own.right is not None
    assert found.attacks["bim"].trained_on == 20 + 18
    assert not list((paths.home() / "labelled").iterdir())
    assert f"18 images of case {number} were learnt from as BIM; of 6 held out, {own.right:.1%}" in said
    with pytest.raises(InputError, match="--case must come with one --attack that its images show, got 0"):
        run("grow", "--checkpoint", start, "--victim", "tiny_a", "--case", str(number))


def test_nothing_is_learnt_from_source_images_of_the_test(start: str, generated: Scenario) -> None:
    ground = stand_on(start, growth.few_shot(generated, [BIM], [], 20, "start-bim"))
    for part in ground.to_make():
        generate(part)
    parts = ground.few(20, 50, seed=0)
    tested = set(parts.test.source.tolist())
    for learnt in (parts.replay, parts.fresh, parts.validation):
        assert not tested & set(learnt.source.tolist())
    assert len(parts.replay) == 50
    assert np.bincount(parts.fresh.attack).tolist() == [0, 0, 0, 20]


def test_where_its_examples_are_not_here_few_are_made(start: str, generated: Scenario, tmp_path: Path) -> None:
    aside = manifest.folder(generated)
    shutil.move(aside, tmp_path / "aside")
    try:
        ground = stand_on(start, growth.few_shot(generated, [BIM], [], 20, "start-bim"))
        assert ground.replay.total("train") < generated.total("train")
        assert ground.replay.total("test") == 0
        # The same attacks and victims from another seed, made for something else, do as well.
        other = generated.model_copy(update={"name": "other", "seed": 7})
        generate(other)
        assert stand_on(start, ground.wanted).replay == other
    finally:
        shutil.move(tmp_path / "aside", aside)


def test_training_at_large_starts_from_the_weights(start: str, generated: Scenario, tmp_path: Path) -> None:
    fewer = {"train": 20, "validation": 4, "test": 4}
    wanted = generated.model_copy(
        update={"name": "bims", "attacks": [BIM], "examples": generated.examples.model_validate(fewer)}
    )
    path = tmp_path / "bims.yaml"
    path.write_text(dump(wanted))
    run("generate", "--scenario", str(path), "--workers", "1")
    said = run("train", "--scenario", str(path), "--from", start, "--name", "more", "--epochs", "1")
    card = cards.read("more")
    assert card.attacks == ["fgsm", "pgd", "cw", "bim", "clean"]
    assert yaml.safe_load((cards.folder("more") / cards.SCENARIO).read_text())["attacks"][0]["name"] == "fgsm"
    assert card.growth is not None
    assert card.growth.replayed == 0
    assert set(card.growth.by_attack) == {"fgsm", "pgd", "cw", "clean"}
    assert "before" in said
    assert card.training["start"] == start
    test = read_export(cards.folder("more") / cards.TEST_SPLIT, card.attacks, card.victims)
    assert set(test.attack.tolist()) == set(range(5))  # those it had no examples of come from the old test


def test_on_its_own_examples_a_checkpoint_goes_on(start: str) -> None:
    arguments = ("--scenario", "smoke", "--from", start, "--epochs", "1", "--rate", "0.0005", "--changed", "0.5")
    run("train", *arguments, "--name", "further")
    card, first = cards.read("further"), cards.read(start)
    assert card.growth is None
    assert (card.scenario_sha256, card.test_sha256) == (first.scenario_sha256, first.test_sha256)
    assert card.weights_sha256 != first.weights_sha256
    assert card.training["before"] == {**first.training, "weights_sha256": first.weights_sha256}
    assert (card.training["learning_rate"], card.training["changed"]) == (0.0005, 0.5)
    assert [row["epoch"] for row in card.curves] == list(range(1, len(first.curves) + 2))
    assert [row["validation_loss"] for row in card.curves[:-1]] == [row["validation_loss"] for row in first.curves]


def test_a_job_does_the_same_stage_by_stage(start: str, generated: Scenario) -> None:
    wanted = growth.few_shot(generated, [BIM], [], 20, "by-job")
    folder, silent = JobFolder("job-0123456789ab"), Silent()
    folder.write_request(
        JobRequest(scenario=wanted, checkpoint="by-job", start=start, shots=20, device="cpu", description="grown")
    )
    told: Any = silent
    unmeasured = [name for name in wanted.victims if not read_card(wanted.images, name).reach]
    assert DOING["validate"](folder, told, "", 0) == {"victims": unmeasured}
    decided = folder.replay.read_text()
    for stage in ("generate", "train", "evaluate"):
        DOING[stage](folder, told, "", 0)
    assert folder.replay.read_text() == decided == dump(generated)
    assert DOING["register"](folder, told, "", 0) == {"checkpoint": "by-job"}
    card = cards.read("by-job")
    assert (card.description, card.training["start"], card.training["job"]) == ("grown", start, folder.path.name)
    assert card.attacks == ["fgsm", "pgd", "cw", "bim", "clean"]
    assert card.growth is not None
    assert card.growth.attacks["bim"].trained_on == 20


def test_what_does_not_fit_is_refused_in_a_sentence(start: str, generated: Scenario) -> None:
    with pytest.raises(InputError, match=r"network must be that of checkpoint start \(backbone forensic\), got one"):
        stand_on(start, generated, preset("mtaa-paper-resnet18"))
    other = generated.model_copy(update={"images": generated.images.model_copy(update={"side": 16})})
    with pytest.raises(InputError, match="images must be digits, 1 × 28 × 28 as of the checkpoint"):
        stand_on(start, other)
    with pytest.raises(InputError, match="attack must be new to the checkpoint, got pgd"):
        run("grow", "--checkpoint", start, "--attack", "pgd")
    with pytest.raises(InputError, match="intensities must be FROM:TO:STEP"):
        run("grow", "--checkpoint", start, "--attack", "bim", "--intensities", "9", "--name", "n")


def test_other_weights_of_a_known_source_model_are_refused(start: str, generated: Scenario) -> None:
    card = cards.read(start)
    changed = card.model_copy(update={"victims_sha256": {"tiny_a": "0" * 64}})
    path = paths.checkpoints() / start / cards.CARD
    kept = path.read_text()
    try:
        path.write_text(changed.model_dump_json())
        with pytest.raises(InputError, match="source model tiny_a must be the one that checkpoint start knows"):
            stand_on(start, generated)
    finally:
        path.write_text(kept)
