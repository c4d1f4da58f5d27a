"""What can't be told from an image is said before anything is made."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from mtaa.core.errors import InputError
from mtaa.dataset import foresight
from mtaa.scenario.presets import parse


def scenario(attacks: str, clean: str = "clean: {train: 4, validation: 1, test: 1}") -> Any:
    return parse(
        "name: trial\nimages: {source: digits, channels: 1, side: 28}\nvictims: [vgg16, resnet18, tiny_a]\n"
        f"attacks: [{attacks}]\nexamples: {{train: 2, test: 1}}\n{clean}\n"
    )


@pytest.fixture(autouse=True)
def margins(monkeypatch: pytest.MonkeyPatch) -> None:
    """VGG16 reaches 16.1 logits, ResNet18 was never measured, Tiny A is not there."""

    def read(images: Any, name: str) -> Any:
        if name == "tiny_a":
            raise InputError("must be trained first")
        return SimpleNamespace(reachable_margin=16.1 if name == "vgg16" else None)

    monkeypatch.setattr(foresight, "read_card", read)


@pytest.mark.parametrize(
    ("attacks", "said"),
    [
        ("{name: cw, intensities: {start: 5, stop: 100, step: 5}}", r"κ up to 100, .* only: VGG16 16\.1\."),
        ("{name: fgsm, intensities: {start: 0, stop: 2, step: 1}}", "ε up to 0 changes pixels by less than half"),
        ("{name: fgsm, intensities: {start: 1, stop: 2, step: 0.25}}", "less than a grey level apart"),
        ("{name: pgd_l2, intensities: {start: 0.05, stop: 1, step: 0.05}}", r"ε up to 0\.05 changes pixels"),
        (
            "{name: fgsm, intensities: {start: 10, stop: 40, step: 10}}, "
            "{name: pgd, intensities: {start: 5, stop: 40, step: 5}, parameters: {step_size: 20}}",
            "PGD at ε = 10, 20 may make the same image as FGSM",
        ),
        (
            "{name: fgsm, intensities: {start: 10, stop: 20, step: 10}}, "
            "{name: mi_fgsm, intensities: {start: 10, stop: 20, step: 10}, parameters: {steps: 1}}",
            "MI-FGSM at ε = 10, 20 makes the same image as FGSM",
        ),
    ],
)
def test_each_doubt_is_one_sentence_about_its_attack(attacks: str, said: str) -> None:
    (doubt,) = foresight.foresee(scenario(attacks))
    assert re.search(said, doubt), doubt


@pytest.mark.parametrize(
    "attacks",
    [
        "{name: cw, intensities: {start: 1, stop: 16, step: 1}}",
        "{name: fgsm, intensities: {start: 1, stop: 4, step: 1}}",
        "{name: deepfool, intensities: {start: 2, stop: 20, step: 2}}",
        "{name: fgsm, intensities: {start: 30, stop: 40, step: 10}}, "
        "{name: pgd, intensities: {start: 5, stop: 40, step: 5}, parameters: {step_size: 20}}",
        "{name: fgsm, intensities: {start: 10, stop: 40, step: 10}}, "
        "{name: pgd, intensities: {start: 10, stop: 40, step: 5}, parameters: {step_size: 20, random_start: true}}",
    ],
)
def test_where_nothing_is_doubtful_nothing_is_said(attacks: str) -> None:
    assert foresight.foresee(scenario(attacks)) == []


def test_a_missing_clean_class_is_said() -> None:
    (doubt,) = foresight.foresee(scenario("{name: fgsm, intensities: {start: 1, stop: 4, step: 1}}", clean=""))
    assert doubt.startswith("Without a clean class")
