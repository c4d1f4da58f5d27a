"""The examiner: what it explains is of its own checkpoint, seeded, and refused in one sentence where it can't be."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.core.errors import InputError, UnknownNameError
from mtaa.explain.examiner import Examiner
from mtaa.models import estimator_store
from mtaa.models.estimator import EstimatorConfig, PerturbationEstimator
from mtaa.models.estimator_store import EstimatorRecord
from mtaa.models.network import Mtaa
from tests.unit.signatures.conftest import CARD as MADE_UP

CARD = MADE_UP.model_copy(update={"images": MADE_UP.images.model_copy(update={"side": 28})})
CPU = torch.device("cpu")


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path))
    (tmp_path / CARD.name).mkdir()
    (tmp_path / CARD.name / cards.CARD).write_text(CARD.model_dump_json(), encoding="utf-8")
    return CARD


@pytest.fixture
def examiner(card: Card, forensic: Mtaa) -> Examiner:
    return Examiner(card, forensic, CPU)


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (1, 28, 28)).astype(np.uint8)


def test_with_a_reference_the_perturbation_is_true(examiner: Examiner, pixels: np.ndarray) -> None:
    found = examiner.perturbation(pixels, pixels // 2)
    assert not found.is_estimate
    assert (found.values == pixels.astype(int) - pixels // 2).all()


def test_without_one_it_is_estimated_where_there_is_an_estimator(
    examiner: Examiner, card: Card, forensic: Mtaa, pixels: np.ndarray
) -> None:
    with pytest.raises(InputError, match="has no estimator of the perturbation yet"):
        examiner.perturbation(pixels)
    estimator = PerturbationEstimator(EstimatorConfig(width=4, dilations=(1,)))
    torch.nn.init.constant_(estimator.last.bias, 5 / 255)  # type: ignore[arg-type]
    record = EstimatorRecord(
        network=estimator.config,
        parameters=1,
        training={},
        scenario_sha256="",
        data_sha256="",
        test_sha256=card.test_sha256,
        code_version="",
    )
    found = Examiner(estimator_store.write(estimator, record, card), forensic, CPU).perturbation(pixels)
    assert found.is_estimate
    assert (found.original == np.clip(pixels.astype(int) - 5, 0, 255)).all()


def test_the_same_seed_gives_the_same_map_and_leaves_chance_alone(examiner: Examiner, pixels: np.ndarray) -> None:
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    first, again, other = (examiner.explain(pixels, "victim", "noise_tunnel", seed).values for seed in (0, 0, 1))
    assert (first == again).all()
    assert (first != other).any()
    assert torch.equal(torch.rand(1), expected)


def test_it_explains_the_likeliest_class_by_its_name(examiner: Examiner, forensic: Mtaa, pixels: np.ndarray) -> None:
    found = examiner.explain(pixels, "victim", "grad_cam")
    logits = forensic(torch.from_numpy(pixels[None]).float() / 255).victim[0]
    assert found.label == CARD.victims[int(logits.argmax())]
    assert found.answer == pytest.approx(float(logits.max()), rel=1e-4)
    assert found.without_gradient
    assert not examiner.explain(pixels, "victim", "occlusion").without_gradient


def test_a_clean_image_has_no_intensity_to_explain(card: Card, forensic: Mtaa, pixels: np.ndarray) -> None:
    likeliest = int(forensic(torch.from_numpy(pixels[None]).float() / 255).attack.argmax())
    attacks = ["fgsm", "cw"]
    attacks.insert(likeliest, "clean")
    examiner = Examiner(card.model_copy(update={"attacks": attacks}), forensic, CPU)
    with pytest.raises(InputError, match="must be called attacked to have an intensity"):
        examiner.explain(pixels, "intensity", "occlusion")


@pytest.mark.parametrize("shape", [(3, 28, 28), (1, 27, 28)])
def test_images_of_another_geometry_are_refused(examiner: Examiner, pixels: np.ndarray, shape: tuple[int, ...]) -> None:
    wrong = np.zeros(shape, np.uint8)
    for ask in (
        lambda: examiner.perturbation(wrong),
        lambda: examiner.blocks(pixels, wrong),
        lambda: examiner.extracted(wrong),
        lambda: examiner.explain(wrong, "attack", "grad_cam"),
    ):
        with pytest.raises(InputError, match=r"image must be uint8 \(1, 28, 28\) for this checkpoint"):
            ask()


def test_an_unknown_method_names_the_near_one(examiner: Examiner, pixels: np.ndarray) -> None:
    with pytest.raises(UnknownNameError, match="explainer 'gradcam' is unknown; did you mean grad_cam"):
        examiner.explain(pixels, "attack", "gradcam")


def test_opening_asks_for_the_card(card: Card) -> None:
    with pytest.raises(UnknownNameError, match="checkpoint 'made-upp' is unknown"):
        Examiner.open("made-upp")
    assert json.loads((cards.folder(card.name) / cards.CARD).read_text(encoding="utf-8"))["estimator_sha256"] == ""
