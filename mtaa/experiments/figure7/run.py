"""The experiment from end to end: the curves on a checkpoint's card, and how soon each has risen."""

import time
from collections.abc import Sequence

from mtaa.bench import machine
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core.errors import InputError
from mtaa.core.progress import Progress
from mtaa.experiments.figure7.record import Figure7Record, Figure7Settings, Row
from mtaa.training.config import Task

CURVES: dict[Task, str] = {
    "attack": "validation_attack_accuracy",
    "victim": "validation_victim_accuracy",
    "intensity": "validation_intensity_rmse",
}


def run(settings: Figure7Settings, progress: Progress) -> Figure7Record:
    """Raises `UnknownNameError`, or `InputError` where the checkpoint's training was not recorded."""
    began, card = time.perf_counter(), cards.read(settings.checkpoint)
    curves = card.curves
    if not curves or not all(name in epoch for epoch in curves for name in CURVES.values()):
        raise InputError(f"checkpoint {card.name} must have the curves of its training, got none; take another one")
    rows = []
    for task, name in CURVES.items():
        values = [float(epoch[name]) for epoch in curves]
        rising = values if task != "intensity" else [-value for value in values]
        rows.append(Row(task=task, values=values, half=behind(rising, 0.5), nine_tenths=behind(rising, 0.9)))
    return Figure7Record(
        settings=settings,
        environment=machine.environment(devices.pick(settings.device), [], {}),
        seconds=round(time.perf_counter() - began, 3),
        weights_sha256=card.weights_sha256,
        scenario_sha256=card.scenario_sha256,
        rows=rows,
    )


def behind(values: Sequence[float], share: float) -> int | None:
    """The first epoch, from 1, from which on `values` stay above `share` of the way from the first to the largest."""
    first, best = values[0], max(values)
    if best == first:
        return None
    goal = first + share * (best - first)
    short = [epoch for epoch, value in enumerate(values, 1) if value < goal]
    return short[-1] + 1 if short[-1] < len(values) else None
