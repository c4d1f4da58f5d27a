"""A checkpoint of the smoke scenario that has learnt nothing, and makers that stand in for toolboxes."""

from collections.abc import Callable

import pytest
import torch

from mtaa.bench.contestants import CONTESTANTS, Contestant, Craft, Target
from mtaa.bench.record import Settings
from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.card import Calibration, Card, Geometry, IntensityCalibration
from mtaa.core.registry import Entry
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import export, read_export, read_split
from mtaa.experiments.faithfulness.record import FaithfulnessSettings
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.models.store import save_network
from mtaa.scenario import Scenario
from mtaa.scenario.presets import dump
from mtaa.victims import read_card

NAME = "untaught"
CONFIG = NetworkConfig(backbone="forensic", widths=(4, 4, 4, 4), extractor=False, statistics=True)
TINY = NetworkConfig(backbone="forensic", widths=(8, 8, 8, 8), extractor=False, statistics=True)
AddMaker = Callable[..., list[tuple[str, float, int]]]


@pytest.fixture(scope="session")
def checkpoint(generated: Scenario) -> Card:
    """Its answers are a fixed function of the pixels, which is all that comparisons need."""
    folder, images = paths.checkpoints() / NAME, generated.images
    folder.mkdir(parents=True)
    torch.manual_seed(0)
    counts = len(generated.attack_labels), len(generated.victim_labels)
    save_network(Mtaa(CONFIG, *counts, images.channels, images.side), folder / cards.WEIGHTS)
    test = read_split(generated, "test")
    export(test, generated.attack_labels, generated.victim_labels, folder / cards.TEST_SPLIT)
    files.write_text(folder / cards.SCENARIO, dump(generated))
    wide = dict.fromkeys(("fgsm", "pgd", "cw"), 1.0)
    widths = IntensityCalibration(level=0.9, low=wide, high=wide)
    card = Card(
        name=NAME,
        description="",
        images=Geometry(source=images.source, channels=images.channels, side=images.side),
        attacks=generated.attack_labels,
        victims=generated.victim_labels,
        symbols={"fgsm": "ε", "pgd": "ε", "cw": "κ"},
        intensity_grids=dict.fromkeys(wide, (0.0, 255.0)),
        reachable_margins={},
        network=CONFIG.model_dump(mode="json"),
        training={},
        parameters=1,
        flops=1,
        scenario_sha256=generated.hash,
        data_sha256="",
        victims_sha256={name: read_card(images, name).weights_sha256 for name in generated.victims},
        metrics={},
        calibration=Calibration(attack_temperature=1, victim_temperature=1, intensity=widths),
        weights_sha256=files.sha256_file(folder / cards.WEIGHTS),
        test_sha256=files.sha256_file(folder / cards.TEST_SPLIT),
        licence="",
        code_version="0",
    )
    files.write_json(folder / cards.CARD, card.model_dump(mode="json"))
    return card


@pytest.fixture(scope="session")
def examples(checkpoint: Card) -> Examples:
    """Its test split."""
    return read_export(cards.folder(NAME) / cards.TEST_SPLIT, checkpoint.attacks, checkpoint.victims)


@pytest.fixture
def settings(checkpoint: Card) -> FaithfulnessSettings:
    """FGSM on one victim: seconds."""
    return FaithfulnessSettings(checkpoint=NAME, attacks=["fgsm"], victims=["tiny_a"], device="cpu")


@pytest.fixture
def add_maker(monkeypatch: pytest.MonkeyPatch) -> AddMaker:
    """Registers a toolbox that is our float32 engine, or, `idle`, hands images back; all real ones are gone.

    Returns the list of its calls: attack, intensity, images. Our bfloat16 engine runs as well, emulated or not.
    """
    monkeypatch.setattr("mtaa.core.device.has_bfloat16", lambda device: True)
    ours: dict[str, Entry[Contestant]] = {e.name: e for e in CONTESTANTS if e.value.ours}
    monkeypatch.setattr(CONTESTANTS, "_entries", ours)

    def add(name: str, idle: bool = False, installed: bool = True) -> list[tuple[str, float, int]]:
        calls: list[tuple[str, float, int]] = []

        def prepare(target: Target, settings: Settings) -> Craft:
            real = CONTESTANTS["mtaa_float32"].prepare(target, settings)

            def craft(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
                calls.append((settings.attack, settings.intensity, len(images)))
                return images if idle else real(images, labels)

            return craft

        package = "numpy" if installed else "no_such_package"  # any installed one: the record shows its version
        notes = {"cw": f"{name} has its own κ."}
        maker = Contestant(prepare, 4, package=package, module=package, pip=f"{package}==1.0", notes=notes)
        CONTESTANTS.add(name, maker, title=name.title(), description="stands in for a toolbox")
        return calls

    return add
