"""`mtaa victims add` and `remove`: a model of one's own as a victim."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from mtaa.cli.making import JsonOption, ScenarioOption
from mtaa.cli.terminal import Terminal
from mtaa.core.errors import InputError
from mtaa.scenario.record import ImagesSpec


def add_victim(
    name: Annotated[str, typer.Argument(help="What scenarios will call it.")],
    file: Annotated[Path, typer.Argument(help="Weights as safetensors, or a whole model as ONNX.")],
    architecture: Annotated[
        str, typer.Option("--architecture", help="Of safetensors: one of torchvision's classifiers, such as resnet18.")
    ] = "",
    side: Annotated[
        int | None, typer.Option("--side", help="Pixels it computes at; by default the file's or the architecture's.")
    ] = None,
    mean: Annotated[
        str, typer.Option("--mean", help="Taken from pixels in [0, 1]: one number, or one a channel.")
    ] = "0",
    std: Annotated[str, typer.Option("--std", help="Then divided by: one number, or one a channel.")] = "1",
    scenario: ScenarioOption = "mnist",
    images: Annotated[
        str | None, typer.Option("--images", help="Instead of a scenario, a data set with one size of its own.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check a model of your own on a scenario's images, and keep it as a victim; ONNX needs the extra `onnx`.

    Its outputs must be logits of the images' classes in their order. Its weights are kept as they are.
    """
    from mtaa.images import open_source
    from mtaa.scenario import load
    from mtaa.victims import own

    given = own.Given(architecture, side, own.numbers("mean", mean), own.numbers("std", std))
    spec = _images(images) if images else load(scenario).images
    card = own.add(name, file, open_source(spec), given, Terminal())
    low, high = card.accuracy_interval
    if json:
        print(card.model_dump_json(indent=2))
        return
    print(
        f"{name}: accuracy {card.accuracy:.2%} [{low:.2%}, {high:.2%}] on {card.test_images:,} test images of "
        f"{card.images.source}, weights {card.weights_sha256[:12]}; name it among the victims of a scenario"
    )


def remove_victim(
    name: Annotated[str, typer.Argument(help="What scenarios call it, from: mtaa list victims")],
    images: Annotated[str, typer.Option("--images", help="Its data set, where models of several have the name.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a model of your own for good; refused while a checkpoint, a job or examples need it."""
    from mtaa.jobs.needing import remove_victim as remove
    from mtaa.victims.removing import own_card

    card = own_card(name, images)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("removing must be confirmed, got no terminal to ask at; give --yes")
        typer.confirm(
            f"Remove {name} of {card.images.source}, weights {card.weights_sha256[:12]}, for good?", abort=True
        )
    removed = remove(name, images)
    print(f"{name}: removed by {removed.who} at {removed.at}, weights {removed.weights_sha256[:12]}")


def _images(name: str) -> ImagesSpec:
    from mtaa.images import SOURCES

    side = SOURCES.entry(name).facts.get("side")
    if side is None:
        raise InputError(f"--images must be a data set with one size of its own, got {name}; name a --scenario instead")
    return ImagesSpec(source=name, channels=1, side=side)
