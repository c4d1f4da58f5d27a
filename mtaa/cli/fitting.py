"""`mtaa train`: fit, calibrate, evaluate, register."""

from typing import Annotated

import typer

from mtaa.cli.making import ScenarioOption
from mtaa.cli.terminal import Terminal
from mtaa.core import paths


def train(
    scenario: ScenarioOption = "mnist",
    name: Annotated[str, typer.Option(help="What the checkpoint will be called.")] = "mine",
    network: Annotated[str, typer.Option(help="forensic, or mtaa-paper-resnet18, -resnet50, -resnet101.")] = "forensic",
    epochs: Annotated[int | None, typer.Option(min=1, help="Instead of the network's usual number.")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last whole epoch.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a checkpoint of this name.")] = False,
    devices: Annotated[str, typer.Option(help="How many GPUs, or auto.")] = "auto",
    description: Annotated[str, typer.Option(help="A sentence for the card.")] = "",
) -> None:
    """Train an attribution network on a generated scenario and register it as a checkpoint.

    Examples in an MTAA_STORE are laid out on this machine once, under runs/datasets, and read from there.
    """
    from mtaa.core.card import check_name
    from mtaa.core.errors import InputError
    from mtaa.dataset.read import read_split
    from mtaa.evaluation.evaluate import evaluate
    from mtaa.evaluation.publish import publish
    from mtaa.evaluation.tables import summary
    from mtaa.models.config import preset
    from mtaa.scenario import load
    from mtaa.scenario.record import SPLITS
    from mtaa.training.config import default
    from mtaa.training.fit import fit

    check_name(name)
    if (paths.checkpoints() / name).exists() and not replace:
        raise InputError(f"checkpoint name must be new, got {name}; choose another or replace it with --replace")
    chosen, settings = load(scenario), default(network).model_copy(update={"seed": seed})
    if epochs:
        settings = settings.model_copy(update={"epochs": epochs})
    parts = {split: read_split(chosen, split) for split in SPLITS}
    fitted = fit(
        preset(network),
        settings,
        parts["train"],
        parts["validation"],
        (chosen.attack_labels, chosen.victim_labels),
        paths.home() / "training" / name,
        resume=resume,
        devices=int(devices) if devices.isdigit() else devices,
        progress=Terminal(),
    )
    how = {
        **settings.model_dump(mode="json"),
        "network": network,
        "examples": len(parts["train"]),
        "curves": fitted.curves,
    }
    words = description or f"{network} on scenario {chosen.name}"
    publish(name, words, chosen, fitted.network, how, parts["validation"], parts["test"], replace)
    print(summary(evaluate(name)))
