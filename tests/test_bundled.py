"""The bundled checkpoint is what its card says, and does what it was published for."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mtaa import api
from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.strange import doubts
from mtaa.core.verdict import Verdict
from mtaa.evaluation.evaluate import evaluate
from mtaa.scenario import load
from mtaa.victims import read_card

pytestmark = pytest.mark.usefixtures("bundled")

MARKS = {"attack_accuracy": 0.99, "victim_accuracy_adversarial": 0.95}
LARGEST_RMSE = {"fgsm": 5, "pgd": 6, "cw": 3}
FALSE_ALARMS = 0.05  # of any control, and of unchanged clean images a tenth of it
AFTER_JPEG = 0.95  # attack named right after a JPEG of quality 75
MEGABYTE = 10**6


@pytest.mark.slow
def test_evaluating_gives_the_figures_of_card_and_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = files.read_json(paths.results() / "evaluation-mnist.json")
    monkeypatch.setenv("MTAA_RESULTS", str(tmp_path))
    found = evaluate("mnist").model_dump(mode="json")
    card = cards.read("mnist")
    # Processors differ in the last bits of a float, so one answer near a tie may turn; two or three do not.
    for part in ("overall", "by_attack", "by_victim"):
        assert _flat(found["figures"][part]) == pytest.approx(_flat(card.metrics[part]), abs=5e-3, rel=5e-3)
        assert _flat(card.metrics[part]) == _flat(kept["figures"][part])
    for name in ("weights_sha256", "test_sha256", "scenario_sha256", "examples"):
        assert found[name] == kept[name]


def test_the_first_marks_are_met() -> None:
    metrics = cards.read("mnist").metrics
    for name, mark in MARKS.items():
        assert metrics["overall"][name]["value"] >= mark
    for name, largest in LARGEST_RMSE.items():
        assert metrics["by_attack"][name]["intensity_rmse"]["value"] <= largest


def test_what_is_no_attack_is_hardly_called_one() -> None:
    overall = cards.read("mnist").metrics["overall"]
    alarms = {name: figure["value"] for name, figure in overall.items() if name.startswith("false_alarm_rate")}
    assert alarms.pop("false_alarm_rate") <= FALSE_ALARMS / 10
    assert set(alarms) == {f"false_alarm_rate_{control.name}" for control in load("mnist").controls}
    assert max(alarms.values()) <= FALSE_ALARMS


def test_it_still_reads_what_was_saved_again() -> None:
    survival = cards.read("mnist").survival
    assert survival is not None
    after = survival.after("jpeg", 75)
    assert after is not None
    assert after.attack >= AFTER_JPEG


def test_it_speaks_of_the_victims_and_the_scenario_that_ship() -> None:
    card, scenario = cards.read("mnist"), load("mnist")
    assert card.scenario_sha256 == scenario.hash
    assert (card.attacks, card.victims) == (scenario.attack_labels, scenario.victim_labels)
    for name in scenario.victims:
        victim = read_card(scenario.images, name)
        assert card.victims_sha256[name] == victim.weights_sha256
        assert files.sha256_file(paths.victims() / f"mnist-{name}" / "model.safetensors") == victim.weights_sha256
        assert victim.accuracy >= (0.985 if name.startswith(("vgg", "inception")) else 0.99)


def test_it_is_small_enough_to_ship() -> None:
    folder = cards.folder("mnist")
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 50 * MEGABYTE
    assert (folder / cards.TEST_SPLIT).stat().st_size <= 6 * MEGABYTE


def test_its_map_is_of_its_own_test_split() -> None:
    card = cards.read("mnist")
    atlas = api.atlas(card)
    assert len(atlas) == card.metrics["overall"]["attack_accuracy"]["count"]
    assert (cards.folder("mnist") / cards.SIGNATURES).stat().st_size <= 16 * MEGABYTE


@pytest.mark.slow
def test_most_samples_are_attributed_right() -> None:
    samples = api.samples()
    assert len(samples) >= 12
    held_out = {one.source for one in samples}
    assert all(source.startswith("mnist-test-") for source in held_out)
    attributor: Any = api.open_attributor("mnist")
    verdicts = list(attributor.attribute((one.file, api.read_sample(one)) for one in samples))
    assert all(isinstance(verdict, Verdict) for verdict in verdicts)
    right = [v.inferred.attack.label == one.attack for v, one in zip(verdicts, samples, strict=True)]
    assert sum(right) >= 0.9 * len(samples)


def test_a_known_image_that_was_saved_again_is_no_unknown_tool_chain() -> None:
    sample = next(one for one in api.samples() if one.attack == "pgd" and one.victim == "vgg16")
    buffer = BytesIO()
    Image.open(BytesIO(api.read_sample(sample))).save(buffer, "JPEG", quality=75)
    (verdict,) = api.open_attributor("mnist").attribute([("again.jpg", buffer.getvalue())])
    assert isinstance(verdict, Verdict)
    assert verdict.attributability is not None
    assert verdict.attributability.answer == "weakened"
    assert (verdict.standing, verdict.inferred.attack.label) == ("known", "pgd")


def test_a_prior_goes_into_the_verdict() -> None:
    sample = api.samples()[0]
    attributor = api.open_attributor("mnist")
    (verdict,) = attributor.attribute([(sample.file, api.read_sample(sample))], prior=0.001)
    assert isinstance(verdict, Verdict)
    share, found = verdict.inferred.adversarial_probability, verdict.prior
    assert share is not None
    assert found is not None
    learnt = load("mnist").adversarial_share("train")
    assert (found.share, found.learnt) == (0.001, learnt)
    assert found.posterior == api.posterior(share, 0.001, learnt)


def _flat(value: Any, path: str = "") -> dict[str, float]:
    """Every number of a nested document by its dotted path."""
    if isinstance(value, dict):
        return {k: v for name, part in value.items() for k, v in _flat(part, f"{path}.{name}").items()}
    if isinstance(value, list):
        return {k: v for place, part in enumerate(value) for k, v in _flat(part, f"{path}.{place}").items()}
    return {path: value} if isinstance(value, int | float) else {}


def test_a_picture_of_another_kind_is_unusual_to_it_and_most_samples_are_not() -> None:
    attributor = api.open_attributor("mnist")
    samples = [(sample.file, api.read_sample(sample)) for sample in api.samples()]
    usual = [verdict for verdict in attributor.attribute(samples) if isinstance(verdict, Verdict)]
    assert all(verdict.strangeness is not None for verdict in usual)
    # Of known images two in a hundred are called unusual by each task.
    assert sum(bool(doubts(verdict.strangeness)) for verdict in usual if verdict.strangeness) <= 2
    static = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    buffer = BytesIO()
    Image.fromarray(static).save(buffer, "PNG")
    (verdict,) = attributor.attribute([("static.png", buffer.getvalue())])
    assert isinstance(verdict, Verdict)
    assert verdict.strangeness is not None
    said = doubts(verdict.strangeness)
    assert said
    assert set(said) <= set(verdict.warnings)
    assert verdict.standing == "unknown"
    assert verdict.inferred.sentence.startswith(("An unknown tool-chain.", "Unlike what this checkpoint knows."))
