"""What a scenario makes, cut into shards that are independent of each other and named by what they hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from mtaa.attacks import ATTACKS, build
from mtaa.core import seeds
from mtaa.core.errors import InputError, MtaaError
from mtaa.core.labels import CLEAN, NOBODY
from mtaa.images import SOURCES, controls
from mtaa.scenario.record import SPLITS, Grid, Scenario, Split
from mtaa.victims import check_name

ROWS = 128


@dataclass(frozen=True)
class Shard:
    """Some examples of one split, attack and victim. `intensities` has one value an example.

    Of a `control` the attack is `clean`, and the intensities are its strengths.
    """

    split: Split
    attack: str
    victim: str
    part: int
    intensities: np.ndarray
    seed: int
    steps: int
    control: str = ""

    @property
    def name(self) -> str:
        """The file's name without its ending: deterministic, so that a rerun finds what is there."""
        return f"{self.split}-{file_part(self.attack, self.control)}-{self.victim}-{self.part:04d}"

    @property
    def work(self) -> int:
        """Gradient steps × images (at least one an image)."""
        return max(1, self.steps) * len(self.intensities)


def check(scenario: Scenario) -> None:
    """Every name and parameter of the scenario exists. Raises `MtaaError` with the dotted path."""
    attacks, images = ATTACKS.entry, scenario.images
    wanted: list[tuple[str, Callable[[str], object], str]] = [("images.source", SOURCES.entry, images.source)]
    wanted += [(f"victims.{place}", partial(check_name, images), name) for place, name in enumerate(scenario.victims)]
    wanted += [(f"attacks.{place}.name", attacks, attack.name) for place, attack in enumerate(scenario.attacks)]
    for path, check_one, name in wanted:
        try:
            check_one(name)
        except InputError as error:
            raise MtaaError(f"{scenario.name}: {path}: {error}") from error
    for attack in scenario.attacks:
        build(attack)
    for place, control in enumerate(scenario.controls):
        try:
            controls.check(control)
        except InputError as error:
            raise MtaaError(f"{scenario.name}: controls.{place}: {error}") from error


def file_part(attack: str, control: str = "") -> str:
    """An attack's name, and its control's, as part of a file name, where a colon may not stand."""
    return f"{attack.replace(':', '.')}.{control}" if control else attack.replace(":", ".")


def shards(scenario: Scenario) -> Iterator[Shard]:
    """All shards, those of one victim together, so that each victim is loaded once."""
    for split in SPLITS:
        if scenario.clean and scenario.clean.of(split):
            yield from _cut(scenario, split, CLEAN, NOBODY, np.zeros(scenario.clean.of(split), np.float32), steps=0)
        for control in scenario.controls:
            rows = _rows(control.strengths, control.examples.of(split))
            yield from _cut(scenario, split, CLEAN, NOBODY, rows, steps=0, control=control.name)
    for victim in scenario.victims:
        for split in SPLITS:
            for attack in scenario.attacks:
                rows = _rows(attack.intensities, scenario.counts(attack).of(split))
                steps = getattr(build(attack).parameters, "steps", 1)
                yield from _cut(scenario, split, attack.name, victim, rows, steps)


def _rows(grid: Grid, count: int) -> np.ndarray:
    """Every value of a grid `count` times, one after the other (n,) float32, so that each shard has nearly all."""
    values = np.array(grid.values(), np.float32)
    return np.resize(values, len(values) * count)


def _cut(
    scenario: Scenario, split: Split, attack: str, victim: str, intensities: np.ndarray, steps: int, control: str = ""
) -> Iterator[Shard]:
    if len(intensities) == 0:
        return
    for part, chunk in enumerate(np.array_split(intensities, -(-len(intensities) // ROWS))):
        seed = seeds.derive(scenario.seed, split, control or attack, victim, part)
        yield Shard(split, attack, victim, part, chunk, seed, steps, control)
