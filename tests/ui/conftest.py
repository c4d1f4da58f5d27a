"""A made-up checkpoint, samples, and an attributor that reads its answer off the file name: the page is under test."""

import json
import threading
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from mtaa import api
from mtaa.api import cases
from mtaa.cases.database import VARIABLE
from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.core.card import Calibration, Card, Geometry, IntensityCalibration
from mtaa.core.errors import InputError
from mtaa.core.files import sha256_bytes
from mtaa.core.titles import title
from mtaa.core.verdict import CheckpointMark, Inferred, Intensity, Ranking, Refusal, Verdict
from mtaa.images import intake, measures
from mtaa.scenario import load
from mtaa.scenario.presets import dump
from mtaa.signatures.neighbours import Neighbours, Placed
from mtaa.signatures.space import HEADS
from tests import signature_sets
from tests.ui.reading import enter

ATTACKS = ["fgsm", "pgd", "cw", "clean"]
VICTIMS = ["inception_v3", "resnet18", "resnet50", "vgg16", "vgg19", "none"]
WEIGHTS = "5e" * 32


def figure(value: float, width: float) -> dict[str, float | None]:
    return {"value": value, "low": value - width, "high": value + width, "count": 1000, "floor": None}


CARD = Card(
    name="mnist",
    description="a made-up card",
    images=Geometry(source="mnist", channels=1, side=28),
    attacks=ATTACKS,
    victims=VICTIMS,
    symbols={"fgsm": "ε", "pgd": "ε", "cw": "κ"},
    intensity_grids={"fgsm": (10, 200), "pgd": (10, 200), "cw": (2, 16)},
    reachable_margins={"vgg16": 14.0},
    network={"backbone": "forensic"},
    training={},
    parameters=3_430_371,
    flops=249_821_088,
    scenario_sha256="ab" * 32,
    data_sha256="cd" * 32,
    victims_sha256={},
    metrics={
        "overall": {
            "attack_accuracy": figure(0.986, 0.004),
            "victim_accuracy": figure(0.911, 0.009),
            "victim_accuracy_adversarial": figure(0.904, 0.01),
            "intensity_rmse": figure(8.4, 0.5),
            "false_alarm_rate": figure(0.012, 0.01),
        },
        "by_attack": {
            "fgsm": {"attack_accuracy": figure(0.99, 0.004), "intensity_rmse": figure(7.2, 0.6)},
            "pgd": {"attack_accuracy": figure(0.98, 0.004), "intensity_rmse": figure(9.6, 0.8)},
            "cw": {"attack_accuracy": figure(0.99, 0.004), "intensity_rmse": figure(1.3, 0.1)},
            "clean": {"attack_accuracy": figure(0.988, 0.01)},
        },
        "by_victim": {},
    },
    calibration=Calibration(
        attack_temperature=1,
        victim_temperature=1,
        intensity=IntensityCalibration(level=0.9, low={}, high={}),
    ),
    weights_sha256=WEIGHTS,
    test_sha256="12" * 32,
    licence="MIT",
    code_version="0.1.0",
)


class FakeAttributor:
    """Answers by name: `fgsm-vgg16-40.png` is FGSM on VGG16 with ε 40; `doubtful-…` is inconclusive."""

    opened = 0
    judged = 0
    lock = threading.Lock()

    def __init__(self, card: Card):
        self.card = card

    def attribute(
        self, images: Iterable[tuple[str, bytes]], reference: bytes | None = None, batch: int = 64
    ) -> Iterator[Verdict | Refusal]:
        original: tuple[Any, ...] = ()
        if reference is not None:
            taken = intake.read(reference, "reference", self.card.images.channels, self.card.images.side)
            original = (taken.pixels, taken.observed.sha256)
        for name, data in images:
            with self.lock:
                FakeAttributor.judged += 1
            yield self._one(name, data, original)

    def _one(self, name: str, data: bytes, original: tuple[Any, ...]) -> Verdict | Refusal:
        try:
            taken = intake.read(data, name, self.card.images.channels, self.card.images.side)
        except InputError as error:
            return Refusal(name=name, sha256=sha256_bytes(data), bytes=len(data), reason=str(error))
        return Verdict(
            observed=taken.observed,
            derived=measures.derive(taken.pixels, *original),
            inferred=inferred(name),
            checkpoint=CheckpointMark(
                name=self.card.name,
                weights_sha256=self.card.weights_sha256,
                scenario=self.card.scenario_sha256,
                code_version=self.card.code_version,
            ),
            warnings=taken.observed.notes,
        )


def inferred(name: str) -> Inferred:
    """What the fake says of a file of this name; `fgsm` on ResNet50 where the name says nothing."""
    parts = [*Path(name).stem.split("-"), "", "", ""]
    attack = parts[0] if parts[0] in ATTACKS else "fgsm"
    victim = "none" if attack == "clean" else parts[1] if parts[1] in VICTIMS else "resnet50"
    value = float(parts[2]) if parts[2].replace(".", "").isdigit() else 61.0
    doubtful = parts[0] == "doubtful"
    attacks, victims = ranking(ATTACKS, attack, 0.55 if doubtful else 0.987), ranking(VICTIMS, victim, 0.84)
    strength = None
    if attack == "cw":
        strength = Intensity(
            symbol="κ", unit="logits", value=value, low=value - 1.6, high=value + 1.8, level=0.9, saturated=value > 14
        )
    elif attack != "clean":
        strength = Intensity(symbol="ε", unit="1/255", value=value, low=value - 9.4, high=value + 11.2, level=0.9)
    share = {"clean": 0.013}.get(attack, 0.55 if doubtful else 0.9988)
    return Inferred(
        conclusion="inconclusive" if doubtful else "clean" if attack == "clean" else "adversarial",
        adversarial_probability=share,
        attack=attacks,
        victim=victims,
        hyperparameter=strength,
        sentence="No attack known to this checkpoint was found (99% clean)."
        if strength is None
        else f"{title(attack)} (99%) on {title(victim)} (84%), {strength.symbol} {value:.0f}.",
    )


def ranking(labels: list[str], first: str, probability: float) -> Ranking:
    others = [label for label in labels if label not in (first, "none")]
    left = 1 - probability
    weights = [0.5**place for place in range(1, len(others))]
    shares = dict(zip(others, [*[left * w for w in weights], left * (1 - sum(weights))], strict=True))
    return Ranking(
        label=first, title=title(first), probability=probability, probabilities={first: probability, **shares}
    )


def digit(seed: int = 0) -> np.ndarray:
    """Something like a digit: uint8 (28, 28)."""
    random = np.random.default_rng(seed)
    image = np.zeros((28, 28))
    x, y = 14.0, 6.0
    for _ in range(60):
        x, y = np.clip(x + random.normal(0, 1), 6, 21), np.clip(y + random.normal(0.25, 0.8), 5, 22)
        image[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2] += 80
    return np.clip(image + 24 * random.choice([-1, 1], (28, 28)), 0, 255).astype(np.uint8)


def png(pixels: np.ndarray | None = None, seed: int = 0) -> bytes:
    """A PNG of `pixels`, by default of a digit."""
    buffer = BytesIO()
    Image.fromarray(digit(seed) if pixels is None else pixels).save(buffer, "PNG")
    return buffer.getvalue()


SAMPLES = [
    ("fgsm", "vgg16", 40.0, "ε"),
    ("pgd", "resnet18", 90.0, "ε"),
    ("cw", "resnet50", 8.0, "κ"),
    ("clean", "none", 0.0, "ε"),
]


def write_samples(folder: Path) -> None:
    folder.mkdir(parents=True)
    entries = []
    for place, (attack, victim, intensity, symbol) in enumerate(SAMPLES):
        data, file = png(seed=place), f"{attack}-{victim}-{intensity:g}.png"
        (folder / file).write_bytes(data)
        truth = {"attack": attack, "victim": victim, "intensity": intensity, "symbol": symbol}
        entries.append({"file": file, "sha256": sha256_bytes(data), **truth, "source": f"mnist-test-{place:05d}"})
    (folder / "manifest.json").write_text(json.dumps({"schema_version": 1, "scenario": "mnist", "samples": entries}))


def write_card(folder: Path, card: Card) -> None:
    (folder / card.name).mkdir(parents=True)
    (folder / card.name / cards.SCENARIO).write_text(dump(load("mnist")), encoding="utf-8")
    (folder / card.name / cards.CARD).write_text(card.model_dump_json(), encoding="utf-8")


def install(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Put the made-up checkpoint, samples and attributor in the place of the real ones."""
    write_card(folder / "checkpoints", CARD)
    write_samples(folder / "assets" / "samples")
    for name in ("CHECKPOINTS", "RESULTS", "HOME"):
        patch.setenv(f"MTAA_{name}", str(folder / name.lower()))
    patch.setattr(paths, "assets", lambda: folder / "assets")

    def opened(name: str) -> FakeAttributor:
        FakeAttributor.opened += 1
        return FakeAttributor(cards.read(name))

    patch.setattr(api, "open_attributor", opened)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakeAttributor]]:
    """The made-up workbench; counts what the attributor was asked."""
    st.cache_resource.clear()
    FakeAttributor.opened = FakeAttributor.judged = 0
    install(tmp_path, monkeypatch)
    yield FakeAttributor
    st.cache_resource.clear()


@pytest.fixture
def page(bench: type[FakeAttributor]) -> AppTest:
    """The page Attribute, freshly opened."""
    return enter()


class FakePlacer:
    """Places by name: `near-20.png` beside example 20, `edge-…` and `far-…` ever farther off."""

    placed = 0

    def place(self, images: list[tuple[str, bytes]]) -> list[Placed | Refusal]:
        return [self._one(name, data) for name, data in images]

    def _one(self, name: str, data: bytes) -> Placed | Refusal:
        FakePlacer.placed += 1
        try:
            taken = intake.read(data, name, 1, 28)
        except InputError as error:
            return Refusal(name=name, sha256=sha256_bytes(data), bytes=len(data), reason=str(error))
        kind, at = name.split(".")[0].split("-")
        farther = {"near": 0.4, "edge": 0.97, "far": 1.0}[kind]
        places = np.arange(int(at), int(at) + 15)
        around = Neighbours(places, np.linspace(0.5, 0.9, 15, dtype=np.float32), farther)
        return Placed(name, taken.observed.sha256, taken.pixels, dict.fromkeys(HEADS, around))


@pytest.fixture
def mapped(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Card:
    """The made-up checkpoint with an atlas beside it."""
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))
    FakePlacer.placed = 0
    monkeypatch.setattr(api, "open_placer", lambda name: FakePlacer())
    return signature_sets.install(cards.read("mnist"), cards.folder("mnist"))


@pytest.fixture
def store(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> "cases.Store":
    """The evidence store that the page opens."""
    monkeypatch.delenv(VARIABLE, raising=False)
    return cases.open_store()
