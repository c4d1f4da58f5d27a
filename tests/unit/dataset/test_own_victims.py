"""Examples are made on a model of one's own as on any other, by several processes, and its hash is told."""

from pathlib import Path

import numpy as np
import pytest
import torch

from mtaa.core.errors import MtaaError
from mtaa.dataset import manifest, plan
from mtaa.dataset.generate import generate
from mtaa.dataset.read import read_split
from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.scenario.record import CellCounts
from mtaa.victims import ARCHITECTURES, load, own
from mtaa.victims.own import Given
from tests.unit.victims import brought


@pytest.fixture
def scenario(smoke: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """Few examples of gradient attacks."""
    for name in ("HOME", "CHECKPOINTS"):
        monkeypatch.setenv(f"MTAA_{name}", str(tmp_path / name.lower()))
    few = CellCounts(train=3, validation=1, test=2)
    changes = {"attacks": smoke.attacks[:2], "examples": few, "clean": few}
    return smoke.model_copy(update=changes)


def bring(kind: str, scenario: Scenario, folder: Path) -> None:
    """A fitted network as the victim `kind`."""
    torch.manual_seed(0)
    source = open_source(scenario.images)
    if kind == "weights":
        network = brought.fitted(ARCHITECTURES["tiny_b"].build(10, 28, False), source)
        own.add(kind, brought.weights(network, folder / "a.safetensors"), source, Given("tiny_b"))
        return
    network = brought.fitted(brought.Grey(), source, channels=1)
    own.add(kind, brought.as_onnx(network, folder / "a.onnx"), source)


@pytest.mark.parametrize(("kind", "workers"), [("weights", 1), ("graph", 2)])
def test_examples_fool_it(kind: str, workers: int, scenario: Scenario, tmp_path: Path) -> None:
    bring(kind, scenario, tmp_path)
    mine = scenario.model_copy(update={"victims": [kind]})
    generate(mine, device="cpu", workers=workers)
    assert manifest.verify(mine).faults == []
    test = read_split(mine, "test")
    attacked = test.victim == mine.victim_labels.index(kind)
    assert attacked.sum() == 2 * 3 * 2
    assert test.fooled[attacked].mean() > 0.5
    victim = load(mine.images, kind)
    with torch.no_grad():  # only images that it gets right are attacked
        right, named = (
            victim(torch.from_numpy(np.asarray(pixels)[attacked]).float() / 255).argmax(1).numpy()
            for pixels in (test.clean, test.images)
        )
    assert ((named != right) == test.fooled[attacked]).all()


def test_a_model_that_was_not_brought_is_unknown(scenario: Scenario) -> None:
    with pytest.raises(MtaaError, match=r"victims\.1: victim 'nobodys' is unknown"):
        plan.check(scenario.model_copy(update={"victims": ["tiny_a", "nobodys"]}))
