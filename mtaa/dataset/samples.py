"""Sample images with known truth, for the app and for trying the command line: one a pair of attack and victim."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

import mtaa
from mtaa.attacks import ATTACKS, Oracle, build, round_to_bytes
from mtaa.attacks.outcome import measure
from mtaa.core import files, seeds
from mtaa.core.errors import InputError, MtaaError
from mtaa.core.progress import Progress, Silent
from mtaa.dataset import plan
from mtaa.dataset.read import read_split
from mtaa.images import ImageSource, open_source
from mtaa.scenario.record import Scenario
from mtaa.victims import load

MANIFEST, ORIGINALS = "manifest.json", "originals"
TRIES = 24


def make(
    scenario: Scenario, target: Path, clean: int = 3, seed: int = 0, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """Write PNGs, the clean originals of attacked ones and their truth to `target`, and return the truths.

    Source images come from the test split and are in none of the scenario's examples, so no checkpoint has seen
    or been measured on them. Of 24 candidates, the first that fools its victim after rounding is taken.
    Raises `MtaaError` where none does.
    """
    progress = progress or Silent()
    source = open_source(scenario.images)
    used = set(read_split(scenario, "test").source.tolist())
    random = np.random.default_rng(seeds.derive("samples", seed))
    free = [int(i) for i in random.permutation(source.indices("test")) if source.identity(int(i)) not in used]
    if len(free) < len(scenario.victims) * len(scenario.attacks) + clean:
        raise InputError(f"source {source.spec.source} must have unused test images, got {len(free)}; use a larger one")
    truths = []
    progress.start("samples", len(scenario.victims) * len(scenario.attacks) + clean, "images")
    for victim_place, victim_name in enumerate(scenario.victims):
        victim = load(scenario.images, victim_name)
        oracle = Oracle(victim, "float32", "cpu")
        for attack_place, spec in enumerate(scenario.attacks):
            progress.raise_if_cancelled()
            grid = spec.intensities.values()
            # Spread over the grid, so that weak and strong examples are among the samples of every attack; but not
            # from its very beginning, where few images fool anybody.
            share = (victim_place + 0.5) / len(scenario.victims)
            value = grid[(int(share * len(grid)) + attack_place) % len(grid)]
            chosen, free = np.array(free[:TRIES]), free[TRIES:]
            images, labels = torch.from_numpy(source.pixels(chosen)), torch.from_numpy(source.labels(chosen))
            crafted = build(spec)(oracle, images / 255, labels, torch.full((len(chosen),), value), seed)
            rounded = round_to_bytes(crafted.images)
            outcome = measure(victim, images, rounded, labels)
            right = measure(victim, images, images, labels).margin < 0
            good = torch.nonzero(outcome.fooled & right & crafted.reached).flatten()
            if len(good) == 0:
                raise MtaaError(
                    f"a sample of {spec.name} on {victim_name} must fool it, got none in {len(chosen)}; "
                    "try another seed"
                )
            place = int(good[0])
            free += [int(index) for index in np.delete(chosen, place)]  # of use again where there are few
            truth = {
                "attack": spec.name,
                "victim": victim_name,
                "intensity": value,
                "symbol": ATTACKS[spec.name].symbol,
                "unit": ATTACKS[spec.name].unit,
            }
            name = f"{plan.file_part(spec.name)}-{victim_name}-{value:g}.png"
            truths.append(_save(target / name, rounded[place].numpy(), truth, source, int(chosen[place])))
            progress.advance()
    for index in free[:clean]:
        truth = {"attack": plan.CLEAN, "victim": plan.NOBODY, "intensity": 0.0, "symbol": "ε", "unit": "1/255"}
        label = int(source.labels(np.array([index]))[0])
        pixels = source.pixels(np.array([index]))[0]
        truths.append(_save(target / f"clean-{label}-{len(truths)}.png", pixels, truth, source, int(index)))
        progress.advance()
    progress.finish()
    document = {"schema_version": 1, "scenario": scenario.name, "scenario_sha256": scenario.hash, "seed": seed}
    files.write_json(target / MANIFEST, {**document, "generator": mtaa.__version__, "samples": truths})
    return truths


def _save(path: Path, pixels: np.ndarray, truth: dict[str, Any], source: ImageSource, index: int) -> dict[str, Any]:
    _write(path, pixels)
    found = {"file": path.name, "sha256": files.sha256_file(path), **truth, "source": source.identity(index)}
    if truth["attack"] == plan.CLEAN:
        return found
    # In a folder of their own, so that `*.png` is the suspicious images alone.
    original = path.parent / ORIGINALS / path.name
    _write(original, source.pixels(np.array([index]))[0])
    return {**found, "original": f"{ORIGINALS}/{path.name}", "original_sha256": files.sha256_file(original)}


def _write(path: Path, pixels: np.ndarray) -> None:
    image = Image.fromarray(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0))
    with files.atomic(path) as temporary:
        image.save(temporary, format="PNG", optimize=True)
