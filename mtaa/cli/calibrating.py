"""`mtaa calibrate`: temperatures and conformal thresholds of a checkpoint, on examples made for it."""

import os
from typing import Annotated

import typer

from mtaa.cli.attributing import CheckpointOption, DeviceOption
from mtaa.cli.terminal import Terminal

MOST_WORKERS = 8  # each needs about 1 GB


def calibrate(
    checkpoint: CheckpointOption = "mnist",
    examples: Annotated[
        int, typer.Option(min=1, help="Examples a cell: of each attack, source model and strength.")
    ] = 10,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that share the work; by default one a core on the CPU.")
    ] = None,
    device: DeviceOption = "auto",
) -> None:
    """Make validation examples anew, fit temperatures, sets and intervals on them, and write the checkpoint's card.

    Weights stay as they are. It may be interrupted and repeated: whole shards are kept. Then: mtaa evaluate.
    """
    from mtaa.core import device as devices
    from mtaa.evaluation.recalibrate import recalibrate

    cores = min(MOST_WORKERS, os.cpu_count() or 1) if devices.pick(device).type == "cpu" else 1
    fitted = recalibrate(checkpoint, examples, device, Terminal(), workers or cores).calibration
    assert fitted.conformal is not None
    made = fitted.conformal.fitted_on
    counts = ", ".join(f"{count:,} {name}" for name, count in made.examples.items())
    print(f"{checkpoint}: fitted on {counts}; gradients in {made.precision}, seed {made.seed}")
    print(f"temperatures: attack {fitted.attack_temperature:.2f}, source model {fitted.victim_temperature:.2f}")
    for limits in fitted.conformal.limits:
        for name in limits.low:
            print(
                f"{limits.level:.0%}, {name} named: intensity -{_width(limits.low[name])} +{_width(limits.high[name])}"
            )


def _width(found: float | None) -> str:
    return "all that is learnt (too few examples)" if found is None else f"{found:.2f}"
