"""What a checkpoint does not know: other attacks, source models and pictures, and changes that are no attack."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mtaa.attacks import ATTACKS
from mtaa.attacks.foreign import Foreign
from mtaa.attacks.strengths import usual
from mtaa.bench.home import home
from mtaa.core import paths, seeds
from mtaa.core.errors import InputError
from mtaa.core.progress import Progress
from mtaa.core.titles import title
from mtaa.dataset.generate import generate
from mtaa.dataset.read import read_split
from mtaa.experiments.openset.record import NAME, Kind, OpensetSettings, Task
from mtaa.images import controls, open_source
from mtaa.scenario import AttackSpec, Grid, Scenario
from mtaa.scenario.record import CellCounts
from mtaa.victims import read_card
from mtaa.victims.train import train

# Of attacks whose intensity is in no unit that the checkpoint knows.
OWN = {"L2": Grid(start=1, stop=5, step=1), "%": Grid(start=10, stop=50, step=10)}
CHANGES = (("noise", 2.0), ("noise", 10.0), ("jpeg", 90.0), ("jpeg", 75.0), ("blur", 0.5), ("brightness", 40.0))
PICTURES = 400  # at most: clean images of another data set, or changed ones


@dataclass(frozen=True)
class Case:
    """`images` (n, C, H, W) uint8 of one strange thing, which `task` should notice."""

    kind: Kind
    said: str
    task: Task
    images: np.ndarray


def cases(known: Scenario, settings: OpensetSettings, progress: Progress) -> Iterator[Case]:
    """Every case, its images made where they are not there yet."""
    yield from _attacks(known, settings, progress)
    for name in settings.strangers:
        yield from _models(known, settings, "architecture", name, settings.seed, progress)
    for name in settings.reseeded:
        yield from _models(known, settings, "seed", name, settings.seed + 1, progress)
    source = open_source(known.images)
    dice = np.random.default_rng(seeds.derive(NAME, settings.seed, "pictures"))
    clean = source.pixels(np.sort(dice.permutation(source.indices("test"))[:PICTURES]))
    yield Case("known", "clean test images, unchanged", "attack", clean)
    for name, strength in CHANGES:
        changed = controls.apply(name, clean, np.full(len(clean), strength), settings.seed)
        yield Case("control", f"{title(name)}, {strength:g}", "attack", changed)
    for name in settings.pictures:
        try:
            other = open_source(known.images.model_copy(update={"source": name}))
        except InputError:
            continue
        yield Case("pictures", f"{name}, clean", "attack", other.pixels(other.indices("test")[:PICTURES]))


def absent(known: Scenario, settings: OpensetSettings) -> list[str]:
    """The data sets that are left out because they are not here."""
    missing = []
    for name in settings.pictures:
        try:
            open_source(known.images.model_copy(update={"source": name}))
        except InputError:
            missing.append(name)
    return missing


def _attacks(known: Scenario, settings: OpensetSettings, progress: Progress) -> Iterator[Case]:
    had = {spec.name for spec in known.attacks}
    for entry in ATTACKS:
        if entry.name in had or issubclass(entry.value, Foreign):
            continue
        grid = usual(known, entry.name) or OWN[entry.value.unit]
        spec = AttackSpec(name=entry.name, intensities=_thin(grid, settings.strengths))
        scenario = _scenario(known, settings, entry.name, known.victims, [spec])
        generate(scenario, device=settings.device, progress=progress)
        yield Case("attack", title(entry.name), "attack", read_split(scenario, "test").images)


def _models(
    known: Scenario, settings: OpensetSettings, kind: Kind, name: str, seed: int, progress: Progress
) -> Iterator[Case]:
    """The known attacks on a model of the experiment's own, kept out of the checkpoints' folder."""
    folder = paths.home() / "experiments" / NAME / f"seed-{seed}"
    specs = [
        one.model_copy(update={"intensities": _thin(one.intensities, settings.strengths)}) for one in known.attacks
    ]
    scenario = _scenario(known, settings, f"{name.replace('_', '-')}-{seed}", [name], specs)
    with home(paths.home(), MTAA_CHECKPOINTS=str(folder)):
        try:
            read_card(known.images, name)
        except InputError:
            train(open_source(known.images), name, seed, settings.device, progress)
        generate(scenario, device=settings.device, progress=progress)
        images = read_split(scenario, "test").images
    words = f"{title(name)}, seed {seed}" if kind == "seed" else title(name)
    yield Case(kind, words, "victim", images)


def _scenario(
    known: Scenario, settings: OpensetSettings, what: str, victims: list[str], attacks: list[AttackSpec]
) -> Scenario:
    count = CellCounts(train=0, validation=0, test=settings.examples)
    changes = {
        "name": f"{known.name[:20]}-{NAME}-{what.replace('_', '-')}",
        "description": "",
        "victims": victims,
        "attacks": [spec.model_copy(update={"examples": count}) for spec in attacks],
        "examples": count,
        "clean": None,
        "controls": [],
        "weights": {},
        "seed": settings.seed,
    }
    return Scenario.model_validate(known.model_copy(update=changes).model_dump())


def _thin(grid: Grid, count: int) -> Grid:
    """`count` strengths over the whole of a grid."""
    step = (grid.stop - grid.start) / (count - 1)
    return grid.model_copy(update={"step": step}) if step > grid.step else grid
