"""A case's images as images of an attack: those that their analyst calls adversarial, of the checkpoint's geometry."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mtaa.api import growing
from mtaa.cases.change import Finding
from mtaa.cases.store import Store
from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.dataset.read import read_export
from mtaa.images import intake, measures
from tests.unit.cases.conftest import finding


@pytest.fixture
def store(tmp_path: Path, bundled: None, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store, beside the bundled checkpoint."""
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))
    monkeypatch.delenv("MTAA_DATABASE_URL", raising=False)
    return Store()


def of(pixels: np.ndarray) -> Finding:
    """A finding on an image of (H, W) pixels."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    data, (side, _) = buffer.getvalue(), pixels.shape
    taken = intake.read(data, "one.png", 1, side)
    changes = {"observed": taken.observed, "derived": measures.derive(taken.pixels)}
    return data, finding()[1].model_copy(update=changes)


def case(store: Store, findings: list[Finding], adversarial: int) -> int:
    """A case whose analyst calls so many of its images adversarial, and the others clean."""
    number = store.open_case("a case", findings)
    for place, (data, _) in enumerate(findings):
        store.assess(number, files.sha256_bytes(data), "adversarial" if place < adversarial else "clean")
    return number


def test_those_called_adversarial_are_learnt_from(store: Store) -> None:
    findings = [finding(seed) for seed in range(24)]
    number = case(store, findings, 22)
    store.assess(number, files.sha256_bytes(findings[0][0]), "inconclusive")  # the last word counts
    found = growing.labelled(number, "mi_fgsm", "mnist")
    wanted = {files.sha256_bytes(data) for data, _ in findings[1:22]}
    assert {*found.learnt, *found.held_out} == wanted
    assert (found.attack, found.origin) == ("mi_fgsm", f"case {number}")


def test_too_few_are_refused(store: Store) -> None:
    number = case(store, [finding(seed) for seed in range(25)], 19)
    with pytest.raises(InputError, match=f"case {number} must have at least 20 images .* got 19"):
        growing.labelled(number, "mi_fgsm", "mnist")


def test_another_geometry_is_refused_and_never_resampled(store: Store) -> None:
    odd = of(np.random.default_rng(0).integers(0, 256, (32, 32), np.uint8))
    number = case(store, [*(finding(seed) for seed in range(20)), odd], 21)
    with pytest.raises(InputError, match=rf"one\.png of case {number} must be like the checkpoint's images: .*32"):
        growing.labelled(number, "mi_fgsm", "mnist")


def test_test_images_of_the_checkpoint_are_left_out(store: Store) -> None:
    card = cards.read("mnist")
    test = read_export(cards.folder("mnist") / cards.TEST_SPLIT, card.attacks, card.victims)
    number = case(store, [*(finding(seed) for seed in range(19)), of(test.images[0, 0])], 20)
    with pytest.raises(InputError, match="got 19"):
        growing.labelled(number, "mi_fgsm", "mnist")
