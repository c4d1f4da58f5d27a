"""The app's door: light to import, and what it hands out is what was stored."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mtaa import api
from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.core.errors import IntegrityError, UnknownNameError
from mtaa.core.files import sha256_bytes
from tests.made_up_card import made_up_card

HEAVY = ("captum", "lightning", "sklearn", "torch", "torchmetrics", "torchvision", "umap")


def png(pixels: np.ndarray) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of samples with one in it."""
    monkeypatch.setattr(paths, "assets", lambda: tmp_path)
    data = png(np.full((28, 28), 7, np.uint8))
    truth = {"attack": "fgsm", "victim": "vgg16", "intensity": 40.0, "symbol": "ε", "source": "mnist-test-00001"}
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / "one.png").write_bytes(data)
    write(folder, {"samples": [{"file": "one.png", "sha256": sha256_bytes(data), **truth}]})
    return folder


def write(folder: Path, document: object) -> None:
    (folder / "manifest.json").write_text(json.dumps(document), encoding="utf-8")


def loaded_after(code: str) -> list[str]:
    """Which of the heavy packages a fresh process has loaded after `code`."""
    report = f"import sys, json; print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    command = [sys.executable, "-c", f"{code}\n{report}"]
    return json.loads(
        subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    )


def test_neither_the_door_nor_the_app_loads_anything_heavy() -> None:
    modules = sorted(path.stem for path in (paths.ROOT / "app").glob("*.py") if path.stem != "__init__")
    assert "service" in modules
    code = "\n".join(["import mtaa.api", *(f"import app.{name}" for name in modules)])
    code += "\nfrom mtaa import api\nfor name in api.checkpoint_names(): api.card(name)\napi.samples()"
    code += "\nfor one in api.experiments():\n    if one.is_made: api.experiment(one.name)"
    assert loaded_after(code) == []


def test_a_map_is_read_and_its_pictures_are_shown_without_anything_heavy() -> None:
    assert loaded_after("from mtaa.signatures import neighbours, pictures, store") == []


def test_the_watch_would_see_it() -> None:
    assert "torch" in loaded_after("import mtaa.attribution")


def test_samples_are_read_as_stored(assets: Path) -> None:
    (sample,) = api.samples()
    assert (sample.attack, sample.victim, sample.intensity) == ("fgsm", "vgg16", 40)
    assert api.read_sample(sample) == (assets / "one.png").read_bytes()


def test_samples_with_another_hash_are_refused(assets: Path) -> None:
    (sample,) = api.samples()
    (assets / "one.png").write_bytes(png(np.full((28, 28), 8, np.uint8)))
    with pytest.raises(IntegrityError, match=r"one\.png has another hash"):
        api.read_sample(sample)
    (assets / "one.png").unlink()
    with pytest.raises(IntegrityError, match=r"one\.png has another hash"):
        api.read_sample(sample)


def test_no_manifest_is_no_samples(assets: Path) -> None:
    (assets / "manifest.json").unlink()
    assert api.samples() == []


@pytest.mark.parametrize("document", [{}, [], {"samples": [{"file": "one.png"}]}, {"samples": 3}])
def test_a_manifest_of_another_form_is_refused(assets: Path, document: object) -> None:
    write(assets, document)
    with pytest.raises(IntegrityError, match="samples"):
        api.samples()


def test_a_broken_manifest_is_refused(assets: Path) -> None:
    (assets / "manifest.json").write_text("{")
    with pytest.raises(IntegrityError, match=r"manifest\.json can't be read"):
        api.samples()


def test_cards_are_found_by_name_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))
    folder = tmp_path / "checkpoints" / "made-up"
    folder.mkdir(parents=True)
    assert api.checkpoint_names() == []  # a folder without a card is a checkpoint in the making
    (folder / cards.CARD).write_text(made_up_card().model_dump_json(), encoding="utf-8")
    assert api.checkpoint_names() == ["made-up"]
    assert api.card("made-up") == made_up_card()
    for name in ("made-upp", "../checkpoints/made-up", ""):
        with pytest.raises(UnknownNameError):
            api.card(name)
    (folder / cards.CARD).write_text("{}", encoding="utf-8")
    with pytest.raises(IntegrityError, match="not a card of this version"):
        api.card("made-up")


def test_opening_an_unknown_checkpoint_names_the_near_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path))
    with pytest.raises(UnknownNameError, match="checkpoint 'mnits' is unknown"):
        api.open_attributor("mnits")


def test_pixels_are_those_that_are_judged() -> None:
    grey = np.arange(784, dtype=np.uint8).reshape(28, 28)
    shown = api.pixels(png(grey), made_up_card())
    assert shown is not None
    assert (shown == grey[None]).all()
    three = api.pixels(png(grey), made_up_card(channels=3))
    assert three is not None
    assert three.shape == (3, 28, 28)


@pytest.mark.parametrize("data", [b"", b"a letter", png(np.zeros((30, 28), np.uint8))])
def test_what_would_be_refused_has_no_pixels(data: bytes) -> None:
    assert api.pixels(data, made_up_card()) is None
