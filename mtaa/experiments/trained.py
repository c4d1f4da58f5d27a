"""Networks trained for an experiment: each in a folder of its own, trained once, resumed where it was interrupted."""

import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

import mtaa
from mtaa.core import files, paths, seeds
from mtaa.core.progress import Progress
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import data_hash, read_split
from mtaa.experiments.clock import Clock
from mtaa.models import cost
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.models.store import read_network, save_network
from mtaa.scenario.record import Scenario
from mtaa.training.config import TrainingConfig
from mtaa.training.fit import fit

WEIGHTS, DONE, CLOCK = "model.safetensors", "done.json", "clock.json"
PAPERS_EXAMPLES = 48_000
HELD_OUT = 20  # of so many source images one is watched in training, where a scenario has no validation examples
Labels = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Material:
    """What networks learn from: the same for all of an experiment. `sha256` names the examples."""

    train: Examples
    validation: Examples
    labels: Labels
    sha256: str


def material(scenario: Scenario, scale: float) -> Material:
    """A scenario's training examples, or a share of them that is the same for every network and seed.

    Raises `InputError` where they are not generated.
    """
    train, digest = read_split(scenario, "train"), data_hash(scenario)
    if scenario.total("validation"):
        validation = read_split(scenario, "validation")
    else:
        watched = np.array([zlib.crc32(source.encode()) % HELD_OUT == 0 for source in train.source])
        validation, train = train.view(np.flatnonzero(watched)), train.view(np.flatnonzero(~watched))
    if scale < 1:
        order = np.random.default_rng(seeds.derive("share")).permutation(len(train))
        train = train.view(np.sort(order[: max(2, round(scale * len(train)))]))
        digest = files.canonical_hash([digest, scale])
    return Material(train, validation, (scenario.attack_labels, scenario.victim_labels), digest)


def remark(examples: int, epochs: int, width: float = 1.0) -> str:
    """How large a run was, and what that means for its figures."""
    usual = TrainingConfig().epochs
    narrowed = f", networks of {width:.0%} of their channels" if width < 1 else ""
    size = f"{examples:,} training examples, {epochs} epochs{narrowed}"
    if examples >= PAPERS_EXAMPLES and epochs >= usual and not narrowed:
        return f"{size}."
    return (
        f"A small-scale run: {size} (the paper has {PAPERS_EXAMPLES:,} examples; {usual} epochs are usual here). It "
        "shows what holds under little training, one seed a row; after full training it may differ."
    )


@dataclass(frozen=True)
class Trained:
    """A network in evaluation mode, as it was read back; its cost, the seconds it took, and its curves."""

    network: Mtaa
    parameters: int
    flops: int
    seconds: float
    weights_sha256: str
    curves: list[dict[str, Any]]


class Networks:
    """The networks of `experiment`, trained as far as they are not yet, and how long the experiment takes in all."""

    def __init__(self, experiment: str, progress: Progress):
        self._folder, self._progress = paths.home() / "experiments" / experiment, progress
        self._began, self._trainings = time.perf_counter(), 0.0

    @property
    def seconds(self) -> float:
        """What passed since this was made, and all training of what it obtained, that of interrupted runs included."""
        return round(self._trainings + time.perf_counter() - self._began, 1)

    def obtain(self, name: str, network: NetworkConfig, training: TrainingConfig, material: Material) -> Trained:
        """The network. What it depends on names its folder under `MTAA_HOME`, with `name` before it."""
        self._progress.raise_if_cancelled()
        at = time.perf_counter()
        depends = {
            "data": material.sha256,
            "network": network.model_dump(mode="json"),
            "training": training.model_dump(mode="json"),
            "code": mtaa.__version__,
        }
        folder = self._folder / f"{name}-{files.canonical_hash(depends)[:12]}"
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):  # two experiments may ask for one network at once
            if not (folder / DONE).is_file():
                _train(folder, name, network, training, material, self._progress)
        channels, side = material.train.images.shape[1], material.train.images.shape[-1]
        counts = len(material.labels[0]), len(material.labels[1])
        found = read_network(folder / WEIGHTS, network, *counts, channels, side)
        document = files.read_json(folder / DONE)
        self._began += time.perf_counter() - at  # counted by its own clock
        self._trainings += document["seconds"]
        return Trained(
            network=found,
            parameters=cost.parameters(found),
            flops=cost.flops(found, channels, side),
            seconds=document["seconds"],
            weights_sha256=files.sha256_file(folder / WEIGHTS),
            curves=document["curves"],
        )


def _train(
    folder: Path, name: str, network: NetworkConfig, training: TrainingConfig, material: Material, progress: Progress
) -> None:
    clock = Clock(progress, name, folder / CLOCK)
    fitted = fit(
        network,
        training,
        material.train,
        material.validation,
        material.labels,
        folder,
        resume=True,
        progress=clock,
    )
    with files.atomic(folder / WEIGHTS) as temporary:
        save_network(fitted.network, temporary)
    files.write_json(folder / DONE, {"seconds": round(clock.seconds, 1), "curves": fitted.curves})
    for left in folder.glob("*.ckpt"):  # each three times as large as the weights
        left.unlink()
