"""A small victim, and contestants that stand in for toolboxes."""

import time
from collections.abc import Callable

import pytest
import torch

from mtaa.bench import timing
from mtaa.bench.contestants import CONTESTANTS, Contestant, Craft, Target
from mtaa.bench.record import Settings
from mtaa.core.registry import Entry
from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.victims import load

# Any installed package will do: its version is what the record shows.
PACKAGE = "numpy"
AddPeer = Callable[..., None]


@pytest.fixture
def add_peer(monkeypatch: pytest.MonkeyPatch) -> AddPeer:
    """Registers a peer that hands back the images it is given, after `delay` seconds; other peers are gone."""
    ours: dict[str, Entry[Contestant]] = {e.name: e for e in CONTESTANTS if e.value.ours}
    monkeypatch.setattr(CONTESTANTS, "_entries", ours)
    monkeypatch.setattr(timing, "ENOUGH_SECONDS", 0.0)

    def add(name: str, delay: float = 0.0, installed: bool = True, batch: int = 4) -> None:
        def prepare(target: Target, settings: Settings) -> Craft:
            def craft(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
                time.sleep(delay)
                return images

            return craft

        package = PACKAGE if installed else "no_such_package"
        notes = {"cw": f"{name} does nothing."}
        peer = Contestant(prepare, batch, package=package, module=package, pip=f"{package}==1.0", notes=notes)
        CONTESTANTS.add(name, peer, title=name.title(), description="hands the images back")

    return add


@pytest.fixture
def batch(trained: Scenario) -> tuple[Target, torch.Tensor, torch.Tensor]:
    """The target, images (20, 1, 28, 28) in [0, 1] and labels (20,)."""
    source, victim = open_source(trained.images), load(trained.images, "tiny_a")
    chosen = source.indices("test")[:20]
    images, labels = torch.from_numpy(source.pixels(chosen)) / 255, torch.from_numpy(source.labels(chosen))
    return Target(victim, (1, 28, 28), len(source.classes)), images, labels
