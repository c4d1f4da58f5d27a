"""Measuring a checkpoint's perturbation estimator on the test split that ships with it."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict

from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core import files, paths
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.labels import NOBODY
from mtaa.core.progress import Progress, Silent
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import read_export
from mtaa.evaluation.record import Figure
from mtaa.evaluation.restoring import estimate_figures, median_filter, restored_figures
from mtaa.models import estimator_store
from mtaa.models.estimator import PerturbationEstimator, estimate_clean
from mtaa.scenario.presets import parse
from mtaa.scenario.record import Scenario
from mtaa.victims import load, read_card

SCHEMA_VERSION = 1
BATCH = 64


class EstimatorEvaluation(BaseModel):
    """Figures of `estimate_figures` and, of attacked images, of `restored_figures`: by the estimate, by a median filter
    and with nothing done. Changes that nobody attacked with (controls) count as clean, and have a δ all the same.
    `volatile` is apart as in an `EvaluationRecord`."""

    model_config = ConfigDict(extra="forbid")

    schema_version: int = SCHEMA_VERSION
    checkpoint: str
    estimator_sha256: str
    weights_sha256: str
    test_sha256: str
    scenario_sha256: str
    data_sha256: str
    victims_sha256: dict[str, str]
    code_version: str
    images: str
    examples: int
    parameters: int
    training: dict[str, Any]
    bootstrap_seed: int = 0
    overall: dict[str, Figure]
    by_attack: dict[str, dict[str, Figure]]
    by_victim: dict[str, dict[str, Figure]]
    volatile: dict[str, Any] = {}


def scenario_of(card: Card) -> Scenario:
    """The scenario a checkpoint was trained on."""
    return parse((cards.folder(card.name) / cards.SCENARIO).read_text(encoding="utf-8"), f"{card.name}/scenario.yaml")


def check_apart(card: Card, train: Examples) -> None:
    """Raises `InputError` where training images don't have the checkpoint's geometry or are of its test split."""
    shape = (card.images.channels, card.images.side, card.images.side)
    if train.images.shape[1:] != shape:
        raise InputError(f"training images must be {shape} as the checkpoint's, got {train.images.shape[1:]}")
    shared = np.intersect1d(train.source, _test_split(card).source)
    if len(shared):
        raise InputError(
            f"training images must not be in the checkpoint's test split, got {len(shared)} that are, {shared[0]} "
            "first; take the checkpoint's own scenario"
        )


def evaluate_estimator(name: str, device: str = "auto", progress: Progress | None = None) -> EstimatorEvaluation:
    """Measure the estimator of checkpoint `name`, write the record to results/ and return it.

    Raises `UnknownNameError`, `InputError` where there is no estimator, or `IntegrityError`.
    """
    card, place, listener = cards.read(name), devices.pick(device), progress or Silent()
    estimator, record = estimator_store.read(card)
    examples, began = _test_split(card), time.perf_counter()
    restored = _denoise(estimator.to(place), examples.images, place, listener)
    answers = _answers(card, examples, restored, place, listener)
    estimate = np.asarray(examples.images).astype(np.int16) - restored
    true = np.asarray(examples.images).astype(np.int16) - examples.clean
    attacked = examples.victim != (card.victims.index(NOBODY) if NOBODY in card.victims else -1)

    def cell(chosen: np.ndarray) -> dict[str, Figure]:
        found = estimate_figures(estimate[chosen], true[chosen], examples.source[chosen])
        hit = chosen & attacked
        if hit.any():
            by_name = {kind: said[hit] for kind, said in answers.items()}
            found |= restored_figures(by_name.pop("clean"), by_name)
        return found

    kinds = {n: examples.attack == k for k, n in enumerate(card.attacks)}
    models = {n: examples.victim == k for k, n in enumerate(card.victims) if n != NOBODY}
    found = EstimatorEvaluation(
        checkpoint=name,
        estimator_sha256=card.estimator_sha256,
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        scenario_sha256=record.scenario_sha256,
        data_sha256=record.data_sha256,
        victims_sha256=card.victims_sha256,
        code_version=record.code_version,
        images=f"{card.images.source}, {card.images.channels} × {card.images.side} × {card.images.side}, 8 bits",
        examples=len(examples),
        parameters=record.parameters,
        training=record.training,
        overall=cell(attacked),
        by_attack={name: cell(chosen) for name, chosen in kinds.items() if chosen.any()},
        by_victim={name: cell(chosen) for name, chosen in models.items() if chosen.any()},
        volatile={
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - began, 3),
            "device": str(place),
            "threads": torch.get_num_threads(),
        },
    )
    files.write_json(path_of(name), found.model_dump(mode="json"))
    return found


def path_of(name: str) -> Path:
    """Where the record of a checkpoint's estimator lies."""
    return paths.results() / f"estimator-{name}.json"


def _test_split(card: Card) -> Examples:
    return read_export(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)


def _denoise(
    estimator: PerturbationEstimator, images: np.ndarray, device: torch.device, progress: Progress
) -> np.ndarray:
    """x' − δ̂ of images (n, C, H, W) uint8, alike."""
    progress.start("Estimating", len(images), "images")
    parts = []
    for start in range(0, len(images), BATCH):
        progress.raise_if_cancelled()
        chunk = torch.from_numpy(np.array(images[start : start + BATCH])).to(device)
        parts.append(estimate_clean(estimator, chunk).cpu().numpy())
        progress.advance(len(chunk))
    progress.finish()
    return np.concatenate(parts)


def _answers(
    card: Card, examples: Examples, restored: np.ndarray, device: torch.device, progress: Progress
) -> dict[str, np.ndarray]:
    """What its own victim calls each attacked image: clean, as it came, median-filtered, and x' − δ̂; (n,) each."""
    versions = {
        "clean": examples.clean,
        "untouched": examples.images,
        "median": median_filter(np.asarray(examples.images)),
        "estimate": restored,
    }
    said = {name: np.full(len(examples), -1) for name in versions}
    images = scenario_of(card).images
    progress.start("Asking victims", len(card.victims_sha256) * len(versions), "rounds")
    for victim_name, digest in card.victims_sha256.items():
        if read_card(images, victim_name).weights_sha256 != digest:
            raise IntegrityError(f"victim {victim_name} has other weights than the checkpoint's card says; restore it")
        victim, mine = load(images, victim_name).to(device), examples.victim == card.victims.index(victim_name)
        for name, pixels in versions.items():
            progress.raise_if_cancelled()
            said[name][mine] = _classes(victim, np.asarray(pixels)[mine], device)
            progress.advance(1, victim_name)
    progress.finish()
    return said


def _classes(victim: torch.nn.Module, pixels: np.ndarray, device: torch.device) -> np.ndarray:
    found = [np.empty(0, np.int64)]
    for start in range(0, len(pixels), BATCH):
        chunk = torch.from_numpy(pixels[start : start + BATCH]).to(device).float() / 255
        with torch.inference_mode():
            found.append(victim(chunk).argmax(1).cpu().numpy())
    return np.concatenate(found)
