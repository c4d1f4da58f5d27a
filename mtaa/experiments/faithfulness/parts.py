"""The crafted images, stored a part at a time: one maker, one attack, one victim. Each is written whole."""

import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch

from mtaa import attacks
from mtaa.attacks import ATTACKS, Oracle, build, round_to_bytes
from mtaa.attacks.margin import margin
from mtaa.attacks.outcome import measure, shows
from mtaa.bench.contestants import CONTESTANTS, Target
from mtaa.bench.record import Settings
from mtaa.bench.timing import KAPPA_TOLERANCE
from mtaa.core import files
from mtaa.core.device import Precision
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.progress import Progress
from mtaa.dataset import plan, shards
from mtaa.dataset.examples import Examples
from mtaa.scenario.record import AttackSpec

OURS: dict[str, Precision] = {"mtaa_float32": "float32", "mtaa_bfloat16": "bfloat16"}
"""Our own engine once more, called as when our data are made, so that the effect of precision shows by itself."""

Craft = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""Images (N, C, H, W) in [0, 1], labels (N,) and intensities (N,) to adversarial images, not rounded."""


@dataclass(frozen=True)
class Order:
    """What one part is to hold: the test examples at `places`, made again. `depends` is the hash of all behind it."""

    maker: str
    spec: AttackSpec
    victim: str
    places: np.ndarray
    depends: str

    def path(self, folder: Path) -> Path:
        """The part's file in `folder`; another order never meets it."""
        return folder / f"{self.maker}-{self.spec.name}-{self.victim}-{self.depends[:12]}.parquet"


@dataclass(frozen=True)
class Made:
    """A part read back, in the order of its places: images (n, C, H, W) uint8; reached, fooled (n,) bool; margin (n,)
    float32 in logits after rounding; and the seconds it took."""

    images: np.ndarray
    reached: np.ndarray
    fooled: np.ndarray
    margin: np.ndarray
    seconds: float


def depends(maker: str, spec: AttackSpec, places: np.ndarray, facts: dict[str, str]) -> str:
    """The hash of what a part depends on: how its maker is called, its version, the attack, the examples, `facts`."""
    if maker in OURS:
        called, version = {"precision": str(OURS[maker])}, engine()
    else:
        prepare: Any = CONTESTANTS[maker].prepare
        called = {"source": inspect.getsource(getattr(prepare, "func", prepare)), **getattr(prepare, "keywords", {})}
        version = CONTESTANTS[maker].version
    attack = {"name": spec.name, "parameters": build(spec).parameters.model_dump(mode="json")}
    known = {"maker": maker, "called": called, "version": version, "attack": attack, "places": places.tolist()}
    return files.canonical_hash({**known, **facts, "torch": torch.__version__})


@cache
def engine() -> str:
    """The hash of our attacks' source code, whose version says too little."""
    folder = Path(inspect.getfile(attacks)).parent
    found = sorted(folder.rglob("*.py"))
    return files.canonical_hash({str(path.relative_to(folder)): files.sha256_file(path) for path in found})


def asked(spec: AttackSpec, intensity: float) -> Settings:
    """What a toolbox is asked for at one intensity. Raises `InputError` where it is asked to start at random."""
    parameters = build(spec).parameters.model_dump(mode="json")
    if parameters.get("random_start"):
        raise InputError(f"attacks.{spec.name}.parameters.random_start must be false to compare toolboxes, got true")
    known = {name: value for name, value in parameters.items() if name in Settings.model_fields}
    return Settings.model_validate({"attack": spec.name, "intensity": intensity, **known})


def make(order: Order, target: Target, examples: Examples, path: Path, progress: Progress) -> None:
    """Craft, round, measure and write one part; the true labels are what the victim says of the clean images.

    (A test example is only ever made of an image that its victim gets right.)
    """
    place, began = target.victim.mean.device, time.perf_counter()
    clean = torch.from_numpy(np.array(examples.clean[order.places]))
    wanted = torch.from_numpy(examples.intensity[order.places])
    with torch.inference_mode():
        pixels = clean.to(place).float() / 255
        labels = torch.cat([target.victim(some).argmax(1) for some in pixels.split(64)])
    rounded, exact = torch.empty_like(clean), torch.empty(len(clean))
    craft = _engine(order, target) if order.maker in OURS else _toolbox(order, target)
    for mine in _batches(order.maker, wanted):
        progress.raise_if_cancelled()
        crafted = craft(pixels[mine].clone(), labels[mine].clone(), wanted[mine])
        rounded[mine] = round_to_bytes(crafted).cpu()
        with torch.inference_mode():
            exact[mine] = margin(target.victim(crafted), labels[mine]).cpu()
        progress.advance(len(mine), f"{order.maker} {order.spec.name} {order.victim}")
    outcome = measure(target.victim, clean, rounded, labels)
    if (unit := ATTACKS[order.spec.name].unit) == "logits":
        reached = exact >= wanted - KAPPA_TOLERANCE
    else:
        reached = shows(unit, wanted, clean, rounded)
    columns = {
        "place": pa.array(order.places, pa.int64()),
        "reached": pa.array(reached.numpy()),
        "fooled": pa.array(outcome.fooled.numpy()),
        "margin": pa.array(outcome.margin.numpy()),
        "delta": shards.pixels_column(rounded.numpy() - clean.numpy()),
    }
    facts = {"depends": order.depends, "seconds": f"{time.perf_counter() - began:.3f}"}
    shards.write(path, columns, target.shape, facts)


def _batches(maker: str, wanted: torch.Tensor) -> list[torch.Tensor]:
    """Places of each batch: a toolbox takes one intensity at a time, our engine any."""
    if maker in OURS:
        return list(torch.arange(len(wanted)).split(plan.ROWS))
    return [torch.nonzero(wanted == value).flatten() for value in wanted.unique().tolist()]


def _engine(order: Order, target: Target) -> Craft:
    oracle, attack = Oracle(target.victim, OURS[order.maker], str(target.victim.mean.device)), build(order.spec)
    return lambda images, labels, wanted: attack(oracle, images, labels, wanted).images


def _toolbox(order: Order, target: Target) -> Craft:
    contestant = CONTESTANTS[order.maker]

    def craft(images: torch.Tensor, labels: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        settings = asked(order.spec, wanted[0].item())
        make, size = contestant.prepare(target, settings), contestant.batches.get(settings.attack, contestant.batch)
        parts = [make(*some) for some in zip(images.split(size), labels.split(size), strict=True)]
        return torch.cat(parts).detach().clamp(0, 1)

    return craft


def read(order: Order, examples: Examples, folder: Path) -> Made:
    """The stored part. Raises `IntegrityError` where the file is broken or another's."""
    path = order.path(folder)
    table, shape = shards.read(path)
    facts = table.schema.metadata
    if facts.get(b"depends") != order.depends.encode() or table.column("place").to_pylist() != order.places.tolist():
        raise IntegrityError(f"{path.name} holds other work than its name says; delete it and run the experiment again")
    delta = shards.pixels_array(table.column("delta"), shape)
    scores = {name: table.column(name).to_numpy() for name in ("reached", "fooled", "margin")}
    return Made(images=examples.clean[order.places] + delta, seconds=float(facts[b"seconds"]), **scores)
