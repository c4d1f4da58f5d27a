"""`mtaa experiment ablation`, `leftout`, and the paper's figures 2, 6 and 7, on data of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from mtaa.cli.attributing import CheckpointOption, DeviceOption, JsonOption
from mtaa.cli.experimenting import SeedsOption, TargetOption, run
from mtaa.cli.making import ScenarioOption

ExaminerOption = Annotated[
    str | None, typer.Option("--checkpoint", help="Whose test images examine; by default the scenario's own.")
]
ScaleOption = Annotated[float, typer.Option(min=0.001, max=1, help="Share of the training examples.")]
EpochsOption = Annotated[int | None, typer.Option(min=1, help="Instead of the network's usual number.")]
BatchOption = Annotated[int | None, typer.Option(min=2, help="Examples a step, instead of the usual number.")]


def ablation(
    scenario: ScenarioOption = "mnist",
    checkpoint: ExaminerOption = None,
    variant: Annotated[
        list[str] | None, typer.Option("--variant", help="Only this variant beside the reference; may be repeated.")
    ] = None,
    scale: ScaleOption = 1.0,
    width: Annotated[float, typer.Option(min=0.05, max=1, help="Share of the channels of forensic.")] = 1.0,
    epochs: EpochsOption = None,
    batch: BatchOption = None,
    seed: SeedsOption = None,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """What is each part of our network worth? Trained variants are kept, an interrupted one goes on."""
    data = {"scenario": scenario, "checkpoint": checkpoint, "scale": scale, "seeds": seed or [0]}
    parts = {"variants": variant, "width": width, "epochs": epochs, "batch": batch}
    run("ablation", {**data, **parts}, device, target, json)


def leftout(
    scenario: ScenarioOption = "mnist",
    network: Annotated[str, typer.Option(help="forensic, or another: mtaa train --help")] = "forensic",
    scale: ScaleOption = 1.0,
    epochs: EpochsOption = None,
    batch: BatchOption = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Is an attack noticed by a network that learnt all the others? What is trained is kept."""
    data = {"scenario": scenario, "scale": scale, "seeds": [seed], "network": network}
    run("leftout", {**data, "epochs": epochs, "batch": batch}, device, target, json)


def figure2(
    scenario: ScenarioOption = "mnist-tables",
    checkpoint: ExaminerOption = None,
    backbone: Annotated[str, typer.Option(help="Of the classifier whose logits are mapped.")] = "resnet50",
    picture: Annotated[Path | None, typer.Option(help="Also draw it, as PNG, SVG or PDF.")] = None,
    scale: ScaleOption = 1.0,
    epochs: EpochsOption = None,
    batch: BatchOption = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Do attacks and source models lie apart on a map of one label's logits? (Figure 2) What is trained is kept."""
    from mtaa.dataset.picture import check

    if picture:
        check(picture)
    data = {"scenario": scenario, "checkpoint": checkpoint, "scale": scale, "seeds": [seed], "backbone": backbone}
    found = run("figure2", {**data, "epochs": epochs, "batch": batch}, device, target, json)
    if picture:
        from mtaa.experiments.figure2.picture import draw

        draw(found, picture)  # type: ignore[arg-type]


def figure6(
    checkpoint: CheckpointOption = "mnist",
    scale: Annotated[float, typer.Option(min=0.001, max=1, help="Share of the adversarial test examples.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """How far does an attack move the feature maps, block by block? (Figure 6)"""
    run("figure6", {"checkpoint": checkpoint, "scale": scale, "seed": seed}, device, target, json)


def figure7(
    checkpoint: CheckpointOption = "mnist",
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Which of the three tasks is learnt first? (Figure 7) Read off the curves of a checkpoint's training."""
    run("figure7", {"checkpoint": checkpoint}, device, target, json)
