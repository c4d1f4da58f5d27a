"""A store of its own with a clock that stands still, and findings that were never judged by any network."""

import itertools
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mtaa.cases.change import Finding
from mtaa.cases.database import VARIABLE
from mtaa.cases.store import Store
from mtaa.core.titles import title
from mtaa.core.verdict import CheckpointMark, Inferred, Intensity, Ranking, Verdict
from mtaa.images import intake, measures

WEIGHTS = "5e" * 32


def png(seed: int = 0) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (28, 28), np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def finding(
    seed: int = 0, name: str = "", attack: str = "fgsm", victim: str = "vgg16", weights: str = WEIGHTS
) -> Finding:
    data = png(seed)
    taken = intake.read(data, name or f"{seed}.png", 1, 28)

    def ranking(label: str, others: list[str]) -> Ranking:
        shares = {label: 0.9, **dict.fromkeys(others, 0.1 / len(others))}
        return Ranking(label=label, title=title(label), probability=0.9, probabilities=shares)

    strength = Intensity(symbol="ε", unit="1/255", value=40.0, low=31.0, high=52.5, level=0.9)
    verdict = Verdict(
        observed=taken.observed,
        derived=measures.derive(taken.pixels),
        inferred=Inferred(
            conclusion="adversarial",
            adversarial_probability=0.98,
            attack=ranking(attack, ["pgd" if attack != "pgd" else "cw", "clean"]),
            victim=ranking(victim, ["resnet18" if victim != "resnet18" else "vgg19"]),
            hyperparameter=strength,
            sentence=f"{title(attack)} (90.0%) on {title(victim)} (90.0%), ε = 40.0/255 (31.0 to 52.5).",
        ),
        checkpoint=CheckpointMark(name="mnist", weights_sha256=weights, scenario="ab" * 32, code_version="0.1.0"),
        warnings=taken.observed.notes,
    )
    return data, verdict


def ticking() -> Callable[[], str]:
    """A clock that shows one second more each time it is asked."""
    seconds = itertools.count()
    return lambda: f"2026-11-24T22:{(tick := next(seconds)) // 60 % 60:02d}:{tick % 60:02d}Z"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.delenv(VARIABLE, raising=False)
    made = Store(tmp_path / "cases", clock=ticking())
    yield made
    made.close()
