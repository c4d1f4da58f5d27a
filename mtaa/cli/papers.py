"""`mtaa experiment ablation`, `table7`, `figure6`, `figure7`: tables and figures of the paper, on data of one's own."""

from typing import Annotated, Literal

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
    series: Annotated[
        Literal["ours", "paper"], typer.Option(help="Parts of the network forensic, or the rows of Table 13.")
    ] = "ours",
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
    """What is each part of the network worth? (Table 13) Trained variants are kept, an interrupted one goes on."""
    data = {"scenario": scenario, "checkpoint": checkpoint, "scale": scale, "seeds": seed or [0]}
    parts = {"series": series, "variants": variant, "width": width, "epochs": epochs, "batch": batch}
    run("ablation", {**data, **parts}, device, target, json)


def table7(
    scenario: ScenarioOption = "mnist",
    checkpoint: ExaminerOption = None,
    backbone: Annotated[
        Literal["resnet18", "resnet50", "resnet101"], typer.Option(help="Of the single tasks and of the paper's MTAA.")
    ] = "resnet18",
    scale: ScaleOption = 1.0,
    epochs: EpochsOption = None,
    batch: BatchOption = None,
    seed: SeedsOption = None,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Is one network for three tasks better than three, one a task? (Table 7) What is trained is kept."""
    data = {"scenario": scenario, "checkpoint": checkpoint, "scale": scale, "seeds": seed or [0]}
    run("table7", {**data, "backbone": backbone, "epochs": epochs, "batch": batch}, device, target, json)


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
