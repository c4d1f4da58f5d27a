"""`mtaa experiment table2` … `table14`: the paper's tables, a command each, on data of one's own.

Even and odd go together: Tables 3, 5, 8, 10, 12 and 14 ask on ImageNet what the ones before them ask on MNIST.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from mtaa.cli.attributing import DeviceOption, JsonOption
from mtaa.cli.experimenting import SeedsOption, TargetOption, run
from mtaa.cli.making import ScenarioOption
from mtaa.cli.papers import BatchOption, EpochsOption, ExaminerOption, ScaleOption
from mtaa.core.errors import InputError

ResNet = Literal["resnet18", "resnet50", "resnet101"]
OWN = "By default the paper's own"
BackbonesOption = Annotated[
    list[str] | None, typer.Option("--backbone", help=f"A name from: mtaa list backbones. {OWN}; may be repeated.")
]
ResNetsOption = Annotated[
    list[str] | None, typer.Option("--backbone", help=f"resnet18, resnet50 or resnet101. {OWN}; may be repeated.")
]
ResNetOption = Annotated[ResNet | None, typer.Option("--backbone", help=f"{OWN}.")]
MNIST, IMAGENET = "mnist-tables", "imagenet-tables"
LARGER = ("table3", "table5", "table8", "table10", "table12", "table14")


def one_label(name: str) -> Callable[..., None]:
    """Tables 2 to 5."""
    usual = _scenario(name)

    def command(
        scenario: ScenarioOption = usual,
        checkpoint: ExaminerOption = None,
        backbone: BackbonesOption = None,
        scale: ScaleOption = 1.0,
        epochs: EpochsOption = None,
        batch: BatchOption = None,
        seed: SeedsOption = None,
        target: TargetOption = None,
        device: DeviceOption = "auto",
        json: JsonOption = False,
    ) -> None:
        data = _data(scenario, checkpoint, scale, epochs, batch, seed)
        run(name, {**data, "table": name, "backbones": backbone or ()}, device, target, json)

    what = "attack, source model and intensity" if name in ("table4", "table5") else "attack and source model"
    return _said(command, f"Can {what} be told by one label?", name)


def contest(name: str) -> Callable[..., None]:
    """Tables 7, 8, 11 and 12."""
    usual = _scenario(name)

    def command(
        scenario: ScenarioOption = usual,
        checkpoint: ExaminerOption = None,
        backbone: ResNetsOption = None,
        model: Annotated[
            list[str] | None,
            typer.Option("--model", help="Only this, as multi-forensic, and its baseline; may be repeated."),
        ] = None,
        scale: ScaleOption = 1.0,
        epochs: EpochsOption = None,
        batch: BatchOption = None,
        seed: SeedsOption = None,
        target: TargetOption = None,
        device: DeviceOption = "auto",
        json: JsonOption = False,
    ) -> None:
        data = _data(scenario, checkpoint, scale, epochs, batch, seed)
        run(name, {**data, "table": name, "backbones": backbone or (), "models": model}, device, target, json)

    clean = ", clean images among the examples" if name in ("table11", "table12") else ""
    return _said(command, f"Is one network for three tasks better than three, one a task{clean}?", name)


def parts(name: str) -> Callable[..., None]:
    """Tables 9 and 10."""
    usual = _scenario(name)

    def command(
        scenario: ScenarioOption = usual,
        checkpoint: ExaminerOption = None,
        backbone: ResNetOption = None,
        part: Annotated[
            list[str] | None,
            typer.Option("--part", help="As fgsm,pgd:resnet18,vgg16; by default the paper's five; may be repeated."),
        ] = None,
        scale: ScaleOption = 1.0,
        epochs: EpochsOption = None,
        batch: BatchOption = None,
        seed: SeedsOption = None,
        target: TargetOption = None,
        device: DeviceOption = "auto",
        json: JsonOption = False,
    ) -> None:
        data = _data(scenario, checkpoint, scale, epochs, batch, seed)
        chosen = {"parts": [_part(words) for words in part]} if part else {}
        run(name, {**data, "table": name, "backbone": backbone, **chosen}, device, target, json)

    return _said(command, "Do more attacks and source models make it harder, for one label and for three tasks?", name)


def ablation(name: str) -> Callable[..., None]:
    """Tables 13 and 14."""
    usual = _scenario(name)

    def command(
        scenario: ScenarioOption = usual,
        checkpoint: ExaminerOption = None,
        variant: Annotated[
            list[str] | None, typer.Option("--variant", help="Only this row beside the last; may be repeated.")
        ] = None,
        scale: ScaleOption = 1.0,
        epochs: EpochsOption = None,
        batch: BatchOption = None,
        seed: SeedsOption = None,
        target: TargetOption = None,
        device: DeviceOption = "auto",
        json: JsonOption = False,
    ) -> None:
        data = _data(scenario, checkpoint, scale, epochs, batch, seed)
        run(name, {**data, "series": name, "variants": variant}, device, target, json)

    return _said(command, "What is each part of the paper's network worth?", name)


def _data(
    scenario: str,
    checkpoint: str | None,
    scale: float,
    epochs: int | None,
    batch: int | None,
    seeds: list[int] | None,
) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "checkpoint": checkpoint,
        "scale": scale,
        "epochs": epochs,
        "batch": batch,
        "seeds": seeds or [0],
    }


def _part(words: str) -> dict[str, list[str]]:
    """`attacks:victims`, each with commas. Raises `InputError`."""
    attacks, _, victims = (side.split(",") for side in words.partition(":"))
    if not all(attacks) or not all(victims):
        raise InputError(f"part must be ATTACKS:MODELS with commas between names, got {words!r}; say fgsm,pgd:resnet18")
    return {"attacks": attacks, "victims": victims}


def _scenario(name: str) -> str:
    return IMAGENET if name in LARGER else MNIST


def _said(command: Callable[..., None], question: str, name: str) -> Callable[..., None]:
    where = ", on ImageNet" if name in LARGER else ""
    command.__doc__ = f"{question} (Table {name.removeprefix('table')}{where}) What is trained is kept."
    return command


COMMANDS = {
    **{name: one_label(name) for name in ("table2", "table3", "table4", "table5")},
    **{name: contest(name) for name in ("table7", "table8")},
    **{name: parts(name) for name in ("table9", "table10")},
    **{name: contest(name) for name in ("table11", "table12")},
    **{name: ablation(name) for name in ("table13", "table14")},
}
