"""What a retraining in the browser was, took and made: as a record in results/, and in words."""

from pathlib import Path
from typing import Any

import torch

from mtaa import api
from mtaa.api.scenarios import Scenario
from mtaa.bench import machine
from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.core.card import Card
from mtaa.core.titles import title
from mtaa.evaluation import record as evaluations
from mtaa.images.fetch import DIGESTS
from mtaa.victims import read_card

SCHEMA_VERSION = 1
FIGURES = {
    "attack_accuracy": "attack or clean",
    "victim_accuracy_adversarial": "source model, adversarial images",
    "intensity_rmse": "RMSE of intensity (1/255)",
    "false_alarm_rate": "false alarms on clean images",
    "missed_rate": "attacks taken for clean",
}


def path(scenario: str) -> Path:
    """Where the record of a retraining on the scenario of that name lies."""
    return paths.results() / f"retraining-{scenario}.json"


def record(job: api.Job, looks: int, browser: str, image: dict[str, Any]) -> dict[str, Any]:
    """What the retraining was, took and made, and where."""
    request, scenario = job.request, job.request.scenario
    card, found = cards.read(request.checkpoint), evaluations.read(evaluations.path(request.checkpoint))
    assert job.ended is not None
    stages = [
        {"stage": one.name, "pieces": one.total, "seconds": round((one.ended - one.began).total_seconds(), 1)}
        for one in job.stages
        if one.began and one.ended
    ]
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "retraining in the browser",
        "environment": machine.environment(torch.device("cpu"), [], {}).model_dump(mode="json"),
        "browser": {"chromium": browser, "looks": looks},
        "scenario": scenario.model_dump(mode="json", exclude_none=True),
        "examples": {split: scenario.total(split) for split in ("train", "validation", "test")},
        "network": {"name": request.network, "parameters": card.parameters, "flops": card.flops},
        "training": {key: value for key, value in card.training.items() if key != "curves"},
        "seconds": round((job.ended - job.created).total_seconds(), 1),
        "stages": stages,
        "victims": {name: _victim(scenario, name) for name in scenario.victims},
        "hashes": _hashes(card, scenario),
        "figures": found.figures.model_dump(mode="json", exclude={"by_intensity"}),
        "attributed": image,
    }


def _victim(scenario: Scenario, name: str) -> dict[str, Any]:
    kept = {"accuracy", "accuracy_interval", "test_images", "reachable_margin", "side"}
    return read_card(scenario.images, name).model_dump(mode="json", include=kept)


def _hashes(card: Card, scenario: Scenario) -> dict[str, Any]:
    return {
        "scenario": scenario.hash,
        "data": card.data_sha256,
        "test": card.test_sha256,
        "weights": card.weights_sha256,
        "victims": card.victims_sha256,
        "images": DIGESTS.get(scenario.images.source, {}),
    }


def text(made: dict[str, Any]) -> str:
    """The record in a sentence, its stages and its main figures, in Markdown."""
    where, examples, said = made["environment"], made["examples"], made["attributed"]
    scenario, truth = made["scenario"], made["attributed"]["truth"]
    grid = scenario["attacks"][0]["intensities"]
    lines = [
        f"Scenario `{scenario['name']}` ({made['hashes']['scenario'][:12]}): {scenario['images']['source']}, "
        f"{', '.join(title(one['name']) for one in scenario['attacks'])} at ε {grid['start']:g} to {grid['stop']:g} by "
        f"{grid['step']:g}, on {', '.join(map(title, scenario['victims']))}; {examples['train']:,} examples to train "
        f"on, {examples['validation']:,} to calibrate, {examples['test']:,} to measure. Network "
        f"{made['network']['name']} ({made['network']['parameters'] / 1e6:.2f} M parameters, "
        f"{made['network']['flops'] / 1e6:,.0f} MFLOPs), {made['training']['epochs']} epochs, seed "
        f"{made['training']['seed']}; weights {made['hashes']['weights'][:12]}. {where['cpu']}, {where['threads']} "
        f"thread, {where['vectors']}, torch {where['torch']}, {where['date']}. In brackets 95 % "
        "intervals.",
        "",
        "| stage | pieces | seconds |",
        "|---|---|---|",
        *(f"| {one['stage']} | {one['pieces']} | {one['seconds']:,.0f} |" for one in made["stages"]),
        f"| in all | | {made['seconds']:,.0f} |",
        "",
        "| | figure | floor |",
        "|---|---|---|",
    ]
    for name, words in FIGURES.items():
        one = made["figures"]["overall"].get(name)
        if one is not None:
            form = ".2f" if "rmse" in name else ".1%"
            figure = f"{one['value']:{form}} [{one['low']:{form}}, {one['high']:{form}}]"
            lines.append(f"| {words} | {figure} | {'' if one['floor'] is None else format(one['floor'], form)} |")
    lines += ["", "| source model | accuracy on test images |", "|---|---|"]
    for name, one in made["victims"].items():
        low, high = one["accuracy_interval"]
        lines.append(f"| {title(name)} | {one['accuracy']:.2%} [{low:.2%}, {high:.2%}] |")
    lines += [
        "",
        f"The image attributed at the end, drawn by seed {said['drawn_by_seed']} from the test images, is "
        f"{title(truth['attack'])} on {title(truth['source_model'])}, ε = {truth['intensity']:g}/255. The page said: "
        f"{said['verdict']['inferred']['sentence']}",
    ]
    return "\n".join(lines)
