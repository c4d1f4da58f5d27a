"""Made-up checkpoints on the shelf, with records of their evaluation and what they survive."""

from typing import Any

import numpy as np

from mtaa import api
from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.evaluation import record as records
from mtaa.evaluation.record import Bin, EvaluationRecord, Figure, Figures, Reliability
from tests.ui.conftest import ATTACKS, VICTIMS
from tests.ui.test_home import made


def survived(change: str, strength: float, attack: float) -> api.Survived:
    spans = {"attack_low": attack - 0.01, "attack_high": attack + 0.01, "victim_low": 0.7, "victim_high": 0.8}
    return api.Survived(
        change=change, strength=strength, attack=attack, victim=0.75, smooth=0, false_alarms=0.02, **spans
    )


SURVIVAL = api.Survival(
    weights_sha256="ab",
    test_sha256="7e",
    unchanged=survived("none", 0, 0.99),
    changed=[survived(*one) for one in (("jpeg", 90, 0.95), ("jpeg", 50, 0.9), ("png", 0, 0.99), ("webp", 95, 0.8))],
    marks=api.Marks(
        jpeg_ghost=0.79,
        fine_share=0.033,
        jpeg_ghost_false_alarms=0.007,
        fine_share_false_alarms=0.015,
        narrow_levels=14,
        narrow_levels_false_alarms=0.009,
    ),
)
CURVES = [
    {
        "epoch": epoch,
        "train_attack": 1 / epoch,
        "train_victim": 2 / epoch,
        "train_intensity": 3 / epoch,
        "validation_attack_accuracy": 1 - 0.5 / epoch,
        "validation_victim_accuracy": 1 - 0.8 / epoch,
        "validation_intensity_rmse": 60 / epoch,
    }
    for epoch in (1, 2, 3)
]


def add(name: str, **changes: Any) -> api.Card:
    """A checkpoint on the shelf, with a few bytes for weights."""
    folder = paths.checkpoints() / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / cards.WEIGHTS).write_bytes(name.encode())
    card = made(name, name.encode()).model_copy(update=changes)
    files.write_json(folder / cards.CARD, card.model_dump(mode="json"))
    return card


def figure(value: float, count: int = 30) -> Figure:
    return Figure(value=value, low=value - 0.1, high=value + 0.1, count=count)


def record(card: api.Card, **changes: Any) -> None:
    """Its evaluation, in which one C&W of three is taken for PGD."""
    level = {
        "attack_accuracy": figure(0.9),
        "victim_accuracy": figure(0.8),
        "intensity_rmse": figure(4.5),
        "intensity_bias": figure(-1.5),
    }
    counts = np.diag([3, 3, 2, 3])
    counts[2, 1] = 1
    made_up = EvaluationRecord(
        checkpoint=card.name,
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        scenario_sha256=card.scenario_sha256,
        code_version="0",
        images="mnist",
        examples=12,
        figures=Figures(
            overall={},
            by_attack={},
            by_victim={},
            by_intensity={name: {"10": level, "20": level} for name in card.symbols},
            confusion={
                "attack": {"labels": ATTACKS, "counts": counts.tolist()},
                "victim": {"labels": VICTIMS, "counts": np.eye(6, dtype=int).tolist()},
            },
        ),
        reliability={
            head: Reliability(bins=[Bin(probability=0.8, right=figure(0.75))], calibration_error=0.05, count=12)
            for head in ("attack", "victim")
        },
        parameters=1,
        flops=1,
    )
    records.write(made_up.model_copy(update=changes))
