"""`mtaa experiment NAME`: one command an experiment, each with options of its own, and `show`."""

import json as jsonlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mtaa.cli.attributing import CheckpointOption, DeviceOption, JsonOption
from mtaa.cli.terminal import Terminal
from mtaa.core.errors import InputError

if TYPE_CHECKING:
    from mtaa.experiments.record import ExperimentRecord

TargetOption = Annotated[Path | None, typer.Option(help="The record's file; by default one in results/.")]
SeedsOption = Annotated[list[int] | None, typer.Option("--seed", min=0, help="May be repeated; by default 0.")]


def faithfulness(
    checkpoint: CheckpointOption = "mnist",
    scale: Annotated[
        float, typer.Option(min=0.001, max=1, help="Share of the test examples of every attack and victim.")
    ] = 1.0,
    share: Annotated[
        list[str] | None,
        typer.Option("--share", help="A smaller share for one toolbox and attack, as art:cw=0.05; may be repeated."),
    ] = None,
    attack: Annotated[
        list[str] | None, typer.Option("--attack", help="Only this attack, fgsm, pgd or cw; may be repeated.")
    ] = None,
    victim: Annotated[list[str] | None, typer.Option("--victim", help="Only this victim; may be repeated.")] = None,
    peer: Annotated[
        list[str] | None, typer.Option("--peer", help="Only this toolbox; may be repeated. By default all there are.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Are examples made by other toolboxes attributed as well as our own?"""
    settings = {"checkpoint": checkpoint, "scale": scale, "shares": _shares(share or []), "seed": seed}
    run("faithfulness", {**settings, "attacks": attack, "victims": victim, "peers": peer}, device, target, json)


def survival(
    checkpoint: CheckpointOption = "mnist",
    scale: Annotated[float, typer.Option(min=0.001, max=1, help="Share of the test examples.")] = 1.0,
    keep: Annotated[
        bool, typer.Option("--keep", help="Put the figures into the checkpoint's card, so that verdicts heed them.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """What is still read of a signature after the image was saved, resized, blurred?"""
    run("survival", {"checkpoint": checkpoint, "scale": scale, "keep": keep, "seed": seed}, device, target, json)


def reattack(
    checkpoint: CheckpointOption = "mnist",
    images: Annotated[int, typer.Option(min=1, help="Test examples of each attack on each source model.")] = 5,
    more: Annotated[
        list[str] | None, typer.Option("--more", help="Another number for one attack, as fgsm=40; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Does running the named attack on every source model again single out the right one?"""
    settings = {"checkpoint": checkpoint, "images": images, "more": _counts(more or []), "seed": seed}
    run("reattack", settings, device, target, json)


def growing(
    checkpoint: CheckpointOption = "mnist",
    attack: Annotated[str, typer.Option(help="The attack to add.")] = "mi_fgsm",
    stranger: Annotated[str, typer.Option(help="An attack to look at that is never taught.")] = "bim",
    shots: Annotated[
        list[int] | None, typer.Option("--examples", min=20, help="May be repeated; by default 20, 50, 100.")
    ] = None,
    replay: Annotated[int, typer.Option(min=1, help="Known examples that are trained on again, at most.")] = 4000,
    epochs: Annotated[int | None, typer.Option(min=0, help="Of fine-tuning, instead of the usual number.")] = None,
    seed: SeedsOption = None,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """How well is a new attack learnt from few examples, and what is forgotten for it?"""
    settings = {"checkpoint": checkpoint, "attack": attack, "stranger": stranger, "shots": shots or [20, 50, 100]}
    run("growing", {**settings, "epochs": epochs, "seeds": seed or [0]}, device, target, json)


def openset(
    checkpoint: CheckpointOption = "mnist",
    examples: Annotated[int, typer.Option(min=1, help="Of each attack, source model and strength.")] = 4,
    stranger: Annotated[
        list[str] | None,
        typer.Option(help="An architecture it does not know; may be repeated. By default both tiny ones."),
    ] = None,
    reseeded: Annotated[
        list[str] | None, typer.Option(help="One it knows, to be trained from another seed; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    target: TargetOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Is it noticed that an attack, a source model or a picture is none of those it knows?"""
    settings = {"checkpoint": checkpoint, "examples": examples, "seed": seed}
    others = {"strangers": stranger, "reseeded": reseeded}
    run("openset", settings | {name: given for name, given in others.items() if given}, device, target, json)


def speed(
    checkpoint: CheckpointOption = "mnist",
    backbone: Annotated[str, typer.Option(help="Of the paper's MTAA that is timed beside it.")] = "resnet50",
    images: Annotated[int, typer.Option(min=1, help="Through each network at a time.")] = 256,
    repeats: Annotated[int, typer.Option(min=1, help="Of which the median counts.")] = 5,
    target: TargetOption = None,
    device: DeviceOption = "cpu",
    json: JsonOption = False,
) -> None:
    """What does a verdict cost, beside three single-task networks and the paper's MTAA? Needs an idle machine."""
    settings = {"checkpoint": checkpoint, "backbone": backbone, "images": images, "repeats": repeats}
    run("speed", settings, device, target, json)


def show(
    name: Annotated[str, typer.Argument(help="A name from: mtaa list experiments")],
    target: TargetOption = None,
) -> None:
    """Print an experiment's tables from its record, as the README shows them."""
    from mtaa.experiments import EXPERIMENTS, read

    print(EXPERIMENTS[name].text(read(name, target)))


def run(name: str, settings: dict[str, Any], device: str, target: Path | None, json: bool) -> "ExperimentRecord":
    """Run an experiment, write its record to `target`, print it, and return it. Raises `InputError`, or as it says."""
    from pydantic import ValidationError

    from mtaa.bench import tables
    from mtaa.experiments import EXPERIMENTS, record
    from mtaa.scenario import faults

    experiment = EXPERIMENTS[name]
    try:
        wanted = experiment.settings.model_validate({**settings, "device": device})
    except ValidationError as error:
        fault = error.errors()[0]
        raise InputError(faults.located(faults.path(fault), faults.words(fault, []))) from error
    found = experiment.run(wanted, Terminal())
    record.write(found, target)
    for peer, how in found.environment.left_out.items():
        print(f"mtaa: {tables.left_out(peer, how)}", file=sys.stderr)
    document = found.model_dump(mode="json")
    print(jsonlib.dumps(document, ensure_ascii=False, indent=2) if json else experiment.text(found))
    return found


def _shares(given: list[str]) -> dict[str, float]:
    """`toolbox:attack=F` as a share by `toolbox:attack`. Raises `InputError`."""
    found: dict[str, float] = {}
    for words in given:
        name, _, share = words.partition("=")
        try:
            found[name] = float(share)
        except ValueError:
            found[name] = 0.0
        if not 0 < found[name] <= 1:
            raise InputError(f"share must be toolbox:attack=F with F in (0, 1], got {words!r}; say art:cw=0.05")
    return found


def _counts(given: list[str]) -> dict[str, int]:
    """`attack=N` as a number by attack. Raises `InputError`."""
    found: dict[str, int] = {}
    for words in given:
        name, _, number = words.partition("=")
        if not number.isdecimal() or int(number) < 1:
            raise InputError(f"number must be attack=N with N from 1 on, got {words!r}; say fgsm=40")
        found[name] = int(number)
    return found
