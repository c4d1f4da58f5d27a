"""`mtaa estimator`: the network that estimates a perturbation without a reference, trained and measured."""

import json as jsonlib
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from mtaa.cli.attributing import CheckpointOption, DeviceOption, JsonOption
from mtaa.cli.terminal import Terminal

if TYPE_CHECKING:
    from mtaa.evaluation.estimator import EstimatorEvaluation

_COLUMNS = {
    "rmse": "RMSE (of nothing)",
    "mae": "MAE (of nothing)",
    "correlation": "correlation",
    "sign_agreement": "signs right",
    "restored_untouched": "right as is",
    "restored_median": "after median",
    "restored_estimate": "after estimate",
}


def estimator(
    checkpoint: CheckpointOption = "mnist",
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="Whose examples to train on; by default the checkpoint's own.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Instead of the usual number.")] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    evaluate_only: Annotated[bool, typer.Option("--evaluate-only", help="Measure the one there is.")] = False,
    device: DeviceOption = "auto",
    json: JsonOption = False,
) -> None:
    """Train a checkpoint's estimator of the perturbation, and measure it on its test split.

    20,000 pairs of 28 × 28 pixels take about 13 minutes on one core. The record is written to results/.
    """
    from mtaa.evaluation.estimator import evaluate_estimator

    if not evaluate_only:
        _train(checkpoint, scenario, epochs, seed, device)
    found = evaluate_estimator(checkpoint, device, Terminal())
    if json:
        print(jsonlib.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        _print(found)


def _train(checkpoint: str, scenario: str | None, epochs: int | None, seed: int, device: str) -> None:
    import mtaa
    from mtaa.core import card as cards
    from mtaa.core import device as devices
    from mtaa.dataset.read import data_hash, read_split
    from mtaa.evaluation.estimator import check_apart, scenario_of
    from mtaa.models import estimator_store
    from mtaa.models.estimator import EstimatorConfig
    from mtaa.models.estimator_store import EstimatorRecord
    from mtaa.scenario import load
    from mtaa.training.estimator import EstimatorTraining, fit_estimator

    card = cards.read(checkpoint)
    chosen = load(scenario) if scenario else scenario_of(card)
    settings = EstimatorTraining(seed=seed)
    if epochs:
        settings = settings.model_copy(update={"epochs": epochs})
    train, validation = read_split(chosen, "train"), read_split(chosen, "validation")
    check_apart(card, train)
    network = EstimatorConfig(channels=card.images.channels)
    fitted = fit_estimator(network, settings, train, validation, devices.pick(device), Terminal())
    how = {**settings.model_dump(mode="json"), "examples": len(train), "curves": fitted.curves}
    record = EstimatorRecord(
        network=network,
        parameters=sum(weight.numel() for weight in fitted.estimator.parameters()),
        training=how,
        scenario_sha256=chosen.hash,
        data_sha256=data_hash(chosen),
        test_sha256=card.test_sha256,
        code_version=mtaa.__version__,
    )
    estimator_store.write(fitted.estimator, record, cards.read(checkpoint))


def _print(found: "EstimatorEvaluation") -> None:
    table = Table(Column("of", no_wrap=True), *_COLUMNS.values())
    for name, figures in {"all attacked": found.overall, **found.by_attack, **found.by_victim}.items():
        cells = []
        for column in _COLUMNS:
            figure = figures.get(column)
            if figure is None:
                cells.append("")
            elif column in ("rmse", "mae"):
                cells.append(f"{figure.value:.2f} ({figure.floor:.2f})")
            else:
                cells.append(f"{figure.value:.2f}" if column == "correlation" else f"{figure.value:.1%}")
        table.add_row(name, *cells)
    Console().print(table)
