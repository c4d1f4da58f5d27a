"""The benchmark of attacks: victims, attacks and contestants in one process, so that every ratio is from one run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mtaa.bench import machine, timing
from mtaa.bench import peers as _peers  # noqa: F401  (registers the toolboxes)
from mtaa.bench.contestants import CONTESTANTS, Target, available, runs_on
from mtaa.bench.record import BenchRecord, Images, Row, Settings
from mtaa.core import device as devices
from mtaa.core import seeds
from mtaa.core.errors import InputError, UnknownNameError
from mtaa.core.progress import Progress, Silent
from mtaa.images import ImageSource, open_source
from mtaa.scenario.record import ImagesSpec
from mtaa.victims import Victim, load

VICTIMS = ("resnet18", "resnet50", "vgg16", "inception_v3")
MNIST = ImagesSpec(source="mnist", channels=1, side=28)
# ε at which victims are fooled often but not always; κ within their reach; a learning rate at which 500 steps get a
# black pixel out of tanh's flat end.
SETTINGS = (
    Settings(attack="fgsm", intensity=40),
    Settings(attack="pgd", intensity=40, steps=100, step_size=10),
    Settings(attack="cw", intensity=5, steps=500, c=50, learning_rate=0.05),
)


@dataclass(frozen=True)
class Plan:
    """What to time. `peers` None: all that are installed. `patience` is in seconds, see `timing.cell`."""

    images: ImagesSpec = MNIST
    victims: Sequence[str] = VICTIMS
    settings: Sequence[Settings] = SETTINGS
    peers: list[str] | None = None
    count: int = 64
    repeats: int = 3
    patience: float = 60.0
    seed: int = 0
    device: str = "auto"


def settings_of(attacks: Sequence[str] | None) -> list[Settings]:
    """The standard settings of some attacks, or of all. Raises `UnknownNameError`."""
    known = {settings.attack: settings for settings in SETTINGS}
    for name in attacks or ():
        if name not in known:
            raise UnknownNameError("attack of the benchmark", name, known)
    return [settings for name, settings in known.items() if not attacks or name in attacks]


def bench(plan: Plan, progress: Progress | None = None) -> BenchRecord:
    """Time all contestants. Raises `InputError` where a victim, its images or a peer asked for is missing."""
    names, left_out = available(plan.peers)
    source, place, progress = open_source(plan.images), devices.pick(plan.device), progress or Silent()
    contestants = [
        entry.name for entry in CONTESTANTS if entry.name in names or (entry.value.ours and runs_on(entry.value, place))
    ]
    cells = [
        (victim, settings, [name for name in contestants if settings.attack in CONTESTANTS[name].attacks])
        for victim in plan.victims
        for settings in plan.settings
    ]
    loaded = {name: load(plan.images, name).to(place) for name in plan.victims}
    chosen = {name: _chosen(victim, source, plan) for name, victim in loaded.items()}
    progress.start("benchmark", sum(len(running) for _, _, running in cells), "contestants")
    rows: list[Row] = []
    for victim, settings, running in cells:
        batch = chosen[victim]
        shape = (batch.images.shape[1], batch.images.shape[2], batch.images.shape[3])
        target = Target(loaded[victim], shape, len(source.classes))
        rows += timing.cell(victim, target, settings, batch, running, plan.repeats, plan.patience, progress)
    progress.finish()
    attacked = {settings.attack for settings in plan.settings}
    notes = {name: {a: text for a, text in CONTESTANTS[name].notes.items() if a in attacked} for name in names}
    return BenchRecord(
        images=Images(spec=plan.images, seed=plan.seed),
        settings=list(plan.settings),
        environment=machine.environment(place, names, left_out),
        notes={name: texts for name, texts in notes.items() if texts},
        rows=rows,
    )


def _chosen(victim: Victim, source: ImageSource, plan: Plan) -> timing.Batch:
    order = np.random.default_rng(seeds.derive("bench", plan.seed)).permutation(source.indices("test"))
    found: list[int] = []
    for start in range(0, len(order), plan.count):
        part = order[start : start + plan.count]
        with torch.inference_mode():
            logits = victim(torch.from_numpy(source.pixels(part)).to(victim.mean.device).float() / 255)
        found += part[logits.argmax(1).cpu().numpy() == source.labels(part)].tolist()
        if len(found) >= plan.count:
            kept, place = np.array(found[: plan.count]), victim.mean.device
            return timing.Batch(
                torch.from_numpy(source.pixels(kept)).to(place), torch.from_numpy(source.labels(kept)).to(place)
            )
    raise InputError(
        f"images must be at most {len(found)}, what the victim gets right, got {plan.count}; ask for fewer"
    )
