"""How much memory each stage of making and reading examples takes, at growing numbers of them."""

import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import torch

from mtaa.bench import curve, machine
from mtaa.bench.curve import STAGES, MemoryRecord, Point, Stage
from mtaa.bench.home import home
from mtaa.core.errors import InputError
from mtaa.core.progress import Progress, Silent
from mtaa.dataset import manifest, plan
from mtaa.dataset.generate import make
from mtaa.dataset.read import read_split
from mtaa.images import open_source
from mtaa.scenario.record import SPLITS, AttackSpec, CellCounts, Grid, ImagesSpec, Scenario
from mtaa.training.data import Data
from mtaa.victims.train import train

SIZES = (1_000, 10_000, 100_000)
IMAGES = ImagesSpec(source="digits", channels=1, side=28)
VICTIM = "tiny_a"
INTENSITIES = Grid(start=20, stop=110, step=10)
BATCH = 64
SETTING = (
    "FGSM on a victim of two convolutions and scikit-learn's digits at 28 × 28, the cheapest that there is; shards, "
    "their size and the code are those of any scenario."
)


def scenario(examples: int) -> Scenario:
    """Exactly so many examples: 96 % to train on, 2 % each to validate and test."""
    cell, values = divmod(examples, len(INTENSITIES.values()) * 50)
    if values or not cell:
        raise InputError(f"examples must be a multiple of {len(INTENSITIES.values()) * 50}, got {examples:,}")
    return Scenario(
        name=f"memory-{examples}",
        images=IMAGES,
        victims=[VICTIM],
        attacks=[AttackSpec(name="fgsm", intensities=INTENSITIES)],
        examples=CellCounts(train=48 * cell, validation=cell, test=cell),
    )


def bench(sizes: Sequence[int] = SIZES, progress: Progress | None = None) -> MemoryRecord:
    """Measure all stages at all sizes, in a temporary folder. Raises `InputError` where the system tells no memory."""
    progress, scenarios = progress or Silent(), [scenario(size) for size in sizes]
    if machine.peak_memory() is None:
        raise InputError("the system must tell a process's peak memory, as Linux does in /proc; run it there")
    points = []
    progress.start("memory", sum(sizes) * len(STAGES), "examples")
    with tempfile.TemporaryDirectory(prefix="mtaa-") as folder, home(Path(folder)):
        train(open_source(IMAGES), VICTIM, device="cpu")
        for chosen in scenarios:
            for stage in STAGES:
                progress.raise_if_cancelled()
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                    points.append(pool.submit(_measure, stage, chosen).result())
                progress.advance(points[-1].examples, f"{stage}: {points[-1].peak / 2**20:,.0f} MiB")
    progress.finish()
    return MemoryRecord(
        setting=SETTING,
        image_bytes=IMAGES.channels * IMAGES.side**2,
        environment=machine.environment(torch.device("cpu"), [], {}).model_copy(update={"threads": 1}),
        points=points,
        conclusion=curve.conclude(points),
    )


def _measure(stage: Stage, chosen: Scenario) -> Point:
    torch.set_num_threads(1)
    machine.reset_peak_memory()
    before, began = machine.peak_memory(), time.perf_counter()
    _run(stage, chosen)
    peak = machine.peak_memory()
    assert before is not None
    assert peak is not None
    examples = sum(chosen.total(split) for split in SPLITS)
    return Point(stage=stage, examples=examples, before=before, peak=peak, seconds=time.perf_counter() - began)


def _run(stage: Stage, chosen: Scenario) -> None:
    if stage == "generate":
        make(chosen, list(plan.shards(chosen)), "cpu", Silent())
    elif stage == "complete":
        manifest.complete(chosen, manifest.store(chosen), open_source(chosen.images))
    elif stage == "verify":
        faults = manifest.verify(chosen).faults
        assert not faults, faults
    elif stage == "lay out":
        for split in SPLITS:
            read_split(chosen, split)
    else:
        data = Data(read_split(chosen, "train"), read_split(chosen, "validation"), BATCH, seed=0)
        for batches in (data.train_dataloader(), data.val_dataloader()):
            for batch in batches:
                batch["images"].float().div_(255)
