"""`mtaa train`: fit, calibrate, evaluate, register."""

import sys
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
    start: Annotated[
        str,
        typer.Option(
            "--from", help="A checkpoint to start from; the new one knows its labels too, or, of one scenario, goes on."
        ),
    ] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last whole epoch.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a checkpoint of this name.")] = False,
    rate: Annotated[
        float | None, typer.Option(min=1e-6, max=1, help="Highest learning rate, instead of the network's usual one.")
    ] = None,
    batch: Annotated[int | None, typer.Option(min=2, help="Examples a step, whatever the number of GPUs.")] = None,
    changed: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of examples re-saved or changed before each use.")
    ] = None,
    devices: Annotated[
        str, typer.Option(help="How many GPUs of this machine, or auto; without one, how many processes.")
    ] = "auto",
    description: Annotated[str, typer.Option(help="A sentence for the card.")] = "",
) -> None:
    """Train an attribution network on a generated scenario and register it as a checkpoint.

    Examples in an MTAA_STORE are laid out on this machine once, under runs/datasets, and read from there. Over several
    machines, which share MTAA_HOME, start it on each by: torchrun --nnodes … --module mtaa.cli train …
    """
    from mtaa.core.card import check_name
    from mtaa.core.errors import InputError
    from mtaa.evaluation.evaluate import evaluate
    from mtaa.evaluation.forgetting import Origin
    from mtaa.evaluation.publish import publish
    from mtaa.evaluation.tables import grown, summary
    from mtaa.jobs.trainable import why_not
    from mtaa.models.config import preset
    from mtaa.scenario import load
    from mtaa.training import ranks, together
    from mtaa.training.config import default
    from mtaa.training.fit import fit
    from mtaa.training.ground import stand_on, whole
    from mtaa.training.grow import gone_before, warm
    from mtaa.victims import pinned

    check_name(name)
    if (paths.checkpoints() / name).exists() and not replace:
        raise InputError(f"checkpoint name must be new, got {name}; choose another or replace it with --replace")
    chosen, settings = pinned(load(scenario)), default(network).model_copy(update={"seed": seed})
    if reason := why_not(chosen):
        raise InputError(reason)
    asked = {"epochs": epochs, "batch": batch, "changed": changed, "learning_rate": rate}
    settings = settings.model_copy(update={k: v for k, v in asked.items() if v is not None})
    if ranks.here() is ranks.ALONE and (processes := together.count(devices)) > 1:
        ranks.check_batch(settings.batch, processes)
        together.run(processes, sys.argv[1:])
        return
    ground = stand_on(start, chosen, preset(network)) if start else None
    # On its own examples a checkpoint is trained further: nothing is new to it, and nothing forgotten.
    before = ground.card if ground and ground.known.hash == chosen.hash else None
    apart = None if before else ground
    parts, chosen = whole(chosen, apart), apart.wanted if apart else chosen
    fitted = fit(
        preset(network),
        settings,
        parts.fresh,
        parts.validation,
        (chosen.attack_labels, chosen.victim_labels),
        paths.home() / "training" / name,
        resume=resume,
        progress=Terminal(),
        start=warm(ground, parts.fresh) if ground else None,
    )
    if not ranks.is_first():
        return
    how = {
        **settings.model_dump(mode="json"),
        "network": network,
        "examples": len(parts.fresh),
        **({"start": start} if start else {}),
        **({"before": gone_before(before)} if before else {}),
        "curves": fitted.curves,
    }
    words = description or f"{network} on scenario {chosen.name}" + (f", from {start}" if start else "")
    origin = Origin(apart, parts) if apart else None
    card = publish(name, words, chosen, fitted.network, how, parts.validation, parts.test, replace, origin)
    print(summary(evaluate(name)))
    if origin:
        print("", grown(card), sep="\n")
