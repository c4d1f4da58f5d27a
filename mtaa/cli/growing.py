"""`mtaa grow`: an attack or a source model more for a checkpoint, from few examples."""

import os
from typing import Annotated

import typer

from mtaa.cli.making import MOST_WORKERS, DeviceOption, SeedOption
from mtaa.cli.terminal import Terminal
from mtaa.core import paths

AddedOption = Annotated[
    list[str] | None, typer.Option("--attack", help="An attack to add, from: mtaa list attacks; may be repeated.")
]
VictimOption = Annotated[
    list[str] | None,
    typer.Option("--victim", help="A source model to add, from: mtaa list victims; may be repeated."),
]
GridOption = Annotated[
    str, typer.Option(help="The new attacks' FROM:TO:STEP; by default as of a known attack of the same unit.")
]
ShotsOption = Annotated[
    int, typer.Option(min=20, max=100_000, help="Examples of each new attack and source model to train on.")
]


def grow(
    checkpoint: Annotated[str, typer.Option(help="The checkpoint to start from; by default the active one.")] = "",
    attack: AddedOption = None,
    intensities: GridOption = "",
    victim: VictimOption = None,
    examples: ShotsOption = 100,
    case: Annotated[
        int | None,
        typer.Option(
            "--case", help="A case whose images that its analyst calls adversarial show the one new attack, too."
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="What the new checkpoint will be called; by default OLD-ADDED.")] = "",
    epochs: Annotated[
        int, typer.Option(min=0, help="Of fine-tuning after the heads; 0 leaves all but the heads as it was.")
    ] = 0,
    seed: SeedOption = 0,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a checkpoint of this name.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last whole epoch.")] = False,
    description: Annotated[str, typer.Option(help="A sentence for the card.")] = "",
    device: DeviceOption = "auto",
) -> None:
    """Add an attack or a source model to a checkpoint, as a new one beside it; makes the examples that are missing.

    What it knows is replayed, from its own examples where they are here, else from few that are made for it; what of it
    is forgotten all the same is measured on its own test examples. Of a case's images nobody knows source model and
    strength: only the attack is learnt from them, and every fourth is held out to measure how many are named so.
    """
    from mtaa.api.growing import labelled
    from mtaa.attacks.strengths import given
    from mtaa.core import active
    from mtaa.core import card as cards
    from mtaa.core import device as devices
    from mtaa.core.errors import InputError
    from mtaa.core.titles import title
    from mtaa.dataset import plan
    from mtaa.dataset.generate import generate
    from mtaa.evaluation.evaluate import evaluate
    from mtaa.evaluation.forgetting import Origin
    from mtaa.evaluation.publish import check_free, publish
    from mtaa.evaluation.tables import grown, summary
    from mtaa.scenario import AttackSpec, growth, of_checkpoint
    from mtaa.training.config import Growing
    from mtaa.training.ground import stand_on
    from mtaa.training.grow import described
    from mtaa.training.grow import grow as train
    from mtaa.training.labelled import drop
    from mtaa.victims import pinned

    start = checkpoint or active.active()
    known = of_checkpoint(start)
    specs = [AttackSpec(name=one, intensities=given(known, one, intensities)) for one in attack or []]
    if case is not None and len(specs) != 1:
        raise InputError(f"--case must come with one --attack that its images show, got {len(specs)}; name one")
    called = name or "-".join([start, *(attack or []), *(victim or [])]).replace(":", "-")
    cards.check_name(called)
    check_free(called, replace)
    ground = stand_on(start, pinned(growth.few_shot(known, specs, victim or [], examples, called)))
    for part in ground.to_make():
        plan.check(part)
    shown = labelled(case, specs[0].name, start, keep=True) if case is not None else None
    try:
        cores = min(MOST_WORKERS, os.cpu_count() or 1) if devices.pick(device).type == "cpu" else 1
        for part in ground.to_make():
            generate(part, device=device, progress=Terminal(), workers=cores)
        how = Growing(epochs=epochs, seed=seed)
        parts = ground.with_labelled(ground.few(examples, how.most, seed), shown)
        folder = paths.home() / "training" / called
        fitted = train(ground, parts, how, folder, resume, device=devices.pick(device), progress=Terminal())
        added = " and ".join(title(one) for one in [*(attack or []), *(victim or [])])
        card = publish(
            called,
            description or f"{start} with {added} added",
            ground.wanted,
            fitted.network,
            {**described(ground, parts, how), "curves": fitted.curves},
            parts.validation,
            parts.test,
            replace,
            Origin(ground, parts),
        )
    finally:
        drop(shown)
    print(summary(evaluate(called)), "", grown(card), sep="\n")
