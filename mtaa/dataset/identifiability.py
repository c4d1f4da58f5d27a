"""What a scenario can teach, measured on a few images before money is spent on all of them.

Three things make a label unidentifiable from the image alone: a κ that the victim's C&W never reaches, two attacks
that make the same image, and an intensity too weak to survive rounding to 8 bits.
"""

from itertools import combinations

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict

from mtaa.attacks import ATTACKS, Oracle, build, round_to_bytes
from mtaa.attacks.outcome import measure
from mtaa.core import seeds
from mtaa.core.progress import Progress, Silent
from mtaa.dataset import plan
from mtaa.images import ImageSource, open_source
from mtaa.scenario.record import AttackSpec, Scenario
from mtaa.victims import Victim, load

SAME = 0.95  # share of equal pixels above which two cells are said to coincide
REACHED = 0.95  # share of images that must reach κ for a cell to be identifiable


class Cell(BaseModel):
    """One cell on a few images, after rounding: shares that fool the victim and that reach their goal."""

    model_config = ConfigDict(extra="forbid")

    attack: str
    victim: str
    intensity: float
    fooled: float
    reached: float


class Coincidence(BaseModel):
    """Two attacks at one intensity on one victim whose images have this share of pixels in common."""

    model_config = ConfigDict(extra="forbid")

    attacks: tuple[str, str]
    victim: str
    intensity: float
    same: float


class Identifiability(BaseModel):
    """The report. `out_of_reach` and `coinciding` name what the labels of the scenario can't mean."""

    model_config = ConfigDict(extra="forbid")

    schema_version: int = 1
    scenario: str
    scenario_sha256: str
    images: int
    seed: int
    cells: list[Cell]
    coinciding: list[Coincidence]

    @property
    def out_of_reach(self) -> list[Cell]:
        """Cells whose κ fewer than 95 % of images reach."""
        return [cell for cell in self.cells if cell.reached < REACHED]


def identify(
    scenario: Scenario, images: int = 16, seed: int = 0, device: str = "auto", progress: Progress | None = None
) -> Identifiability:
    """Attack the same `images` validation images in every cell of the scenario, and say what can't be told apart."""
    plan.check(scenario)
    progress, source = progress or Silent(), open_source(scenario.images)
    order = np.random.default_rng(seeds.derive("identify", seed)).permutation(source.indices("validation"))[:images]
    progress.start("identifiability", len(scenario.victims) * len(scenario.attacks), "attacks on victims")
    cells: list[Cell] = []
    coinciding: list[Coincidence] = []
    for name in scenario.victims:
        victim = load(scenario.images, name)
        oracle, made = Oracle(victim, "float32", device), {}
        for spec in scenario.attacks:
            progress.raise_if_cancelled()
            made[spec.name], found = _attack(victim, oracle, spec, source, order, seed)
            cells += [Cell(attack=spec.name, victim=name, **values) for values in found]
            progress.advance(message=f"{spec.name} on {name}")
        coinciding += [
            Coincidence(attacks=pair, victim=name, intensity=value, same=round(same, 4))
            for pair in combinations(made, 2)
            if ATTACKS[pair[0]].unit == ATTACKS[pair[1]].unit
            for value in sorted(made[pair[0]].keys() & made[pair[1]].keys())
            if (same := float(np.mean(made[pair[0]][value] == made[pair[1]][value]))) >= SAME
        ]
    progress.finish()
    return Identifiability(
        scenario=scenario.name,
        scenario_sha256=scenario.hash,
        images=len(order),
        seed=seed,
        cells=cells,
        coinciding=coinciding,
    )


def _attack(
    victim: Victim, oracle: Oracle, spec: AttackSpec, source: ImageSource, order: np.ndarray, seed: int
) -> tuple[dict[float, np.ndarray], list[dict[str, float]]]:
    """Every intensity on the same images: rounded images by intensity, and each cell's shares."""
    pixels, labels = torch.from_numpy(source.pixels(order)), torch.from_numpy(source.labels(order))
    attack, images, cells = build(spec), {}, []
    for value in spec.intensities.values():
        crafted = attack(oracle, pixels / 255, labels, torch.full((len(order),), value), seed)
        rounded = round_to_bytes(crafted.images.cpu())
        outcome = measure(victim, pixels, rounded, labels)
        images[value] = rounded.numpy()
        shares = {"fooled": outcome.fooled, "reached": crafted.reached.cpu()}
        cells.append({"intensity": value, **{name: round(s.float().mean().item(), 4) for name, s in shares.items()}})
    return images, cells


def text(report: Identifiability) -> str:
    """The report in Markdown: fooling rates by attack and victim, and what can't be identified."""
    attacks = list(dict.fromkeys(cell.attack for cell in report.cells))
    victims = list(dict.fromkeys(cell.victim for cell in report.cells))
    lines = [
        f"Scenario {report.scenario} ({report.scenario_sha256[:12]}), {report.images} images a cell.",
        "",
        "| fooled after rounding, over the grid | " + " | ".join(victims) + " |",
        "|---" * (len(victims) + 1) + "|",
    ]
    for attack in attacks:
        shares = [[c.fooled for c in report.cells if (c.attack, c.victim) == (attack, name)] for name in victims]
        lines.append(f"| {attack} | " + " | ".join(f"{min(s):.0%} to {max(s):.0%}" for s in shares) + " |")
    lines.append("")
    for cell in report.out_of_reach:
        symbol = ATTACKS[cell.attack].symbol
        lines.append(
            f"- {cell.attack} on {cell.victim}, {symbol} = {cell.intensity:g}: {cell.reached:.0%} of images reach it; "
            f"larger {symbol} can't be told from it."
        )
    for pair in report.coinciding:
        lines.append(
            f"- {' and '.join(pair.attacks)} on {pair.victim} at {pair.intensity:g}: {pair.same:.1%} of pixels are "
            "equal; the two can hardly be told apart."
        )
    if not report.out_of_reach and not report.coinciding:
        lines.append("Every cell is within reach, and no two coincide.")
    return "\n".join(lines)
