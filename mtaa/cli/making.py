"""`mtaa data fetch`, `victims train`, `victims reach`, `generate`, `train`: from nothing to a checkpoint."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mtaa.cli.terminal import Terminal
from mtaa.core import paths
from mtaa.core.errors import UnknownNameError

ScenarioOption = Annotated[str, typer.Option("--scenario", help="A preset's name or the path of a YAML file.")]
DeviceOption = Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")]
OnlyOption = Annotated[list[str] | None, typer.Option("--victim", help="Only this victim; may be repeated.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
MOST_WORKERS = 8  # each needs about 1 GB
SAMPLES = paths.assets() / "samples"
SeedOption = Annotated[int, typer.Option("--seed", min=0)]


def fetch(name: Annotated[str, typer.Argument(help="mnist or fashion_mnist")]) -> None:
    """Fetch a data set and check its hashes."""
    from mtaa.images.fetch import fetch as fetch_images

    fetch_images(name)


def train_victims(
    scenario: ScenarioOption = "mnist",
    victim: OnlyOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Train anew what exists; old signatures no longer hold.")
    ] = False,
    pretrained: Annotated[bool, typer.Option("--pretrained", help="Take torchvision's ImageNet weights.")] = False,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
) -> None:
    """Train the scenario's victims that are missing, and report accuracy and reachable margin."""
    from mtaa.core.errors import InputError
    from mtaa.dataset import plan
    from mtaa.images import open_source
    from mtaa.scenario import load
    from mtaa.victims import ARCHITECTURES, read_card
    from mtaa.victims.train import train as train_victim

    chosen = load(scenario)
    plan.check(chosen)
    source = open_source(chosen.images)
    for name in _some(victim, chosen.victims):
        try:
            # A model that somebody brought is never trained.
            card = None if again and name in ARCHITECTURES else read_card(chosen.images, name)
        except InputError:
            card = None
        if card is None:
            train_victim(source, name, seed, device, Terminal(), pretrained)
    measure_reach(scenario, victim, seed=seed)


def measure_reach(
    scenario: ScenarioOption = "mnist",
    victim: OnlyOption = None,
    images: Annotated[int, typer.Option(min=20, help="Images to measure on.")] = 40,
    seed: SeedOption = 0,
) -> None:
    """Measure the C&W margin that 95 % of images reach on each victim, where it is not known yet."""
    import numpy as np
    import torch

    from mtaa.attacks.cw import CwParameters
    from mtaa.attacks.reach import reachable_margin
    from mtaa.core import seeds
    from mtaa.images import open_source
    from mtaa.scenario import load
    from mtaa.victims import load as load_victim
    from mtaa.victims import read_card
    from mtaa.victims.store import write_card

    chosen = load(scenario)
    source = open_source(chosen.images)
    parameters = CwParameters(**next((a.parameters for a in chosen.attacks if a.name == "cw"), {}))
    order = np.random.default_rng(seeds.derive("reach", seed)).permutation(source.indices("validation"))[:images]
    pixels, labels = torch.from_numpy(source.pixels(order)), torch.from_numpy(source.labels(order))
    for name in _some(victim, chosen.victims):
        card = read_card(chosen.images, name)
        if card.reachable_margin is None:
            card.reach = reachable_margin(load_victim(chosen.images, name), pixels, labels, parameters, seed)
            card.reachable_margin = card.reach["margin_95_percent_reach"]
            write_card(card)
        low, high = card.accuracy_interval
        print(
            f"{name}: accuracy {card.accuracy:.2%} [{low:.2%}, {high:.2%}] on {card.test_images:,} test images, "
            f"reachable margin {card.reachable_margin:.1f} logits (95 % of {card.reach['images']} images reach it, "
            f"half reach {card.reach['median']:.1f})",
            flush=True,
        )


def generate(
    scenario: ScenarioOption = "mnist",
    victim: OnlyOption = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that share the work; by default one a core on the CPU.")
    ] = None,
    device: DeviceOption = "auto",
    check: Annotated[
        bool, typer.Option(help="First hold what is there against its hashes, and make anew what is broken.")
    ] = True,
) -> None:
    """Make the scenario's adversarial examples; resumes where it stopped, and may run several times at once.

    They go to MTAA_STORE: a folder, or a URL such as s3://bucket/path or gs://bucket/path, over which any number of
    machines share the work. Without it, to runs/datasets. MTAA_LEASE: seconds after which a silent machine's shard is
    taken over there, 60 by default.
    """
    from mtaa.core import device as devices
    from mtaa.dataset import manifest
    from mtaa.dataset.generate import generate as generate_examples
    from mtaa.dataset.mend import mend
    from mtaa.scenario import load

    chosen = load(scenario)
    for said in mend(chosen, Terminal()) if check else []:
        print(f"mtaa: {said}", file=sys.stderr)
    cores = min(MOST_WORKERS, os.cpu_count() or 1) if devices.pick(device).type == "cpu" else 1
    store = generate_examples(chosen, victim, device, Terminal(), workers or cores)
    print(store.place)
    if not store.exists(manifest.NAME):
        print(f"mtaa: {store.place}: other shards are missing or still being made elsewhere", file=sys.stderr)


def verify(scenario: ScenarioOption = "mnist", json: JsonOption = False) -> None:
    """Check that a generated scenario is complete and unchanged, in MTAA_STORE too. Exit code 2 where it is not."""
    from mtaa.dataset import manifest
    from mtaa.scenario import load

    found = manifest.verify(load(scenario))
    if json:
        print(found.model_dump_json(indent=2))
    else:
        size = f"{found.shards} shards, {found.examples:,} examples, {found.bytes / 1e6:.1f} MB"
        print(f"{found.scenario}: {size} in {found.place}")
    for fault in found.faults:
        print(f"mtaa: {fault}", file=sys.stderr)
    if found.faults:
        print("mtaa: generate again: what is broken is removed and made anew", file=sys.stderr)
        raise typer.Exit(2)


def _some(wanted: list[str] | None, known: list[str]) -> list[str]:
    for name in wanted or []:
        if name not in known:
            raise UnknownNameError("victim of this scenario", name, known)
    return [name for name in known if not wanted or name in wanted]


def samples(
    scenario: ScenarioOption = "mnist",
    target: Annotated[Path, typer.Option(help="The folder to write to.")] = SAMPLES,
    seed: SeedOption = 0,
) -> None:
    """Make sample images with known truth from test images that no example (of MTAA_STORE, if set) uses."""
    from mtaa.dataset.samples import make
    from mtaa.scenario import load

    print(f"{len(make(load(scenario), target, seed=seed, progress=Terminal()))} samples in {target}")


def identify(
    scenario: ScenarioOption = "mnist",
    images: Annotated[int, typer.Option(min=1, help="Images a cell.")] = 16,
    picture: Annotated[Path | None, typer.Option(help="Also draw it, as PNG, SVG or PDF.")] = None,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Say, before examples are made, which labels of a scenario no image can show."""
    from mtaa.dataset import identifiability
    from mtaa.dataset.picture import draw
    from mtaa.scenario import load

    found = identifiability.identify(load(scenario), images, seed, device, Terminal())
    if picture:
        draw(found, picture)
    print(found.model_dump_json(indent=2) if json else identifiability.text(found))
