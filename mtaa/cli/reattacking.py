"""`mtaa reattack`: run what a verdict claims, and see whether the same perturbation comes out."""

import json as jsonlib
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from mtaa.cli.attributing import ActiveOption, DeviceOption, JsonOption, ReferenceOption, read_bytes
from mtaa.cli.terminal import Terminal
from mtaa.core.countercheck import CounterCheck, sentence
from mtaa.core.titles import title
from mtaa.core.verdict import Refusal
from mtaa.core.wording import stated


def reattack(
    image: Annotated[Path, typer.Argument(help="An image file, lossless.")],
    reference: ReferenceOption = None,
    checkpoint: ActiveOption = None,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Counter-check a verdict: attack the original again on every source model. Exit code 2 when it is refused.

    Without a reference an estimate of the original is attacked, which tells far less.
    """
    from mtaa.attribution import Attributor
    from mtaa.core.active import active
    from mtaa.experiments.reattack import reliability
    from mtaa.images import intake
    from mtaa.reattack import Reattacker

    name, content = checkpoint or active(), read_bytes(image)
    attributor = Attributor.open(name, device)
    geometry = attributor.card.images
    original = read_bytes(reference) if reference else None
    verdict = next(iter(attributor.attribute([(image.name, content)], original)))
    if isinstance(verdict, Refusal):
        print(f"mtaa: {verdict.name}: {verdict.reason}", file=sys.stderr)
        raise typer.Exit(2)
    pixels = intake.read(content, image.name, geometry.channels, geometry.side).pixels
    clean = None
    if original is not None:
        clean = intake.read(original, "reference", geometry.channels, geometry.side).pixels
    found = Reattacker.open(name, device).check(pixels, verdict, clean, Terminal())
    attack = verdict.inferred.attack.label
    worth = reliability.reliability(attributor.card, attack, found.mode)
    if json:
        document = {
            "verdict": verdict.model_dump(mode="json"),
            "check": found.model_dump(mode="json"),
            "answer": found.answer,
            "heeded": reliability.is_heeded(found, worth),
        }
        print(jsonlib.dumps(document, ensure_ascii=False, indent=2))
    else:
        print((verdict.informed or verdict.inferred).sentence)
        _print(found)
        print(reliability.told(found, attack, worth))


def _print(found: CounterCheck) -> None:
    table = Table("attack run again", "source model", "strength", "correlation", "same sign", "largest difference")
    for one in found.tried:
        tried, alike = one.hypothesis, one.agreement
        table.add_row(
            title(tried.attack),
            title(tried.victim),
            stated(tried.symbol, tried.intensity, tried.unit),
            f"{alike.correlation:.3f}",
            "–" if alike.signs is None else f"{alike.signs:.1%}",
            f"{alike.linf}/255",
        )
    Console().print(table)
    print(sentence(found))
