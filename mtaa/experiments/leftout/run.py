"""The experiment from end to end: train a network without each attack, and show it that attack."""

import dataclasses
import time

import numpy as np

from mtaa.bench import machine
from mtaa.core import device as devices
from mtaa.core import files
from mtaa.core.progress import Progress
from mtaa.core.titles import title
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import data_hash, read_split
from mtaa.evaluation import metrics
from mtaa.experiments import trained
from mtaa.experiments.leftout.record import NAME, Left, LeftoutRecord, LeftoutSettings
from mtaa.experiments.openset.strange import CLEAN, Case
from mtaa.experiments.openset.yardstick import Yardstick, look
from mtaa.experiments.trained import Material
from mtaa.models.config import preset
from mtaa.scenario import load
from mtaa.training.config import default


def run(settings: LeftoutSettings, progress: Progress) -> LeftoutRecord:
    """Raises `InputError` where examples are missing. Interrupted, it loses part of an epoch."""
    began, trainings = time.perf_counter(), 0.0
    scenario, place, seed = load(settings.scenario), devices.pick(settings.device), settings.seeds[0]
    whole, test = trained.material(scenario, settings.scale), read_split(scenario, "test")
    training = default(settings.network).model_copy(update={**settings.unusual, "seed": seed})
    rows = []
    for name in [name for name in scenario.attack_labels if name != CLEAN]:
        progress.raise_if_cancelled()
        number, at = scenario.attack_labels.index(name), time.perf_counter()
        material = _without(whole, number)
        network = trained.obtain(NAME, f"without-{name}-{seed}", preset(settings.network), training, material, progress)
        began += time.perf_counter() - at  # counted by its own clock
        trainings += network.seconds
        known, victims = _dropped(test, number), material.labels[1]
        looking = network.network.to(place)
        yardstick = Yardstick(material.labels, "attack", known, look(looking, victims, known.images, place))
        case = Case("attack", title(name), "attack", test.take(np.flatnonzero(test.attack == number)).images)
        row = yardstick.row(case, look(looking, victims, case.images, place))
        rows.append(
            Left(
                attack=name,
                seconds=network.seconds,
                epochs=len(network.curves),
                examples=len(material.train),
                weights_sha256=network.weights_sha256,
                known=len(yardstick.right),
                accuracy=metrics.accuracy(yardstick.right),
                oscr=yardstick.oscr(),
                row=row,
            )
        )
    return LeftoutRecord(
        settings=settings,
        environment=machine.environment(place, [], {}),
        seconds=round(trainings + time.perf_counter() - began, 1),
        remark=trained.remark(min(row.examples for row in rows), rows[0].epochs),
        scenario_sha256=scenario.hash,
        data_sha256=data_hash(scenario),
        test_sha256=data_hash(scenario),
        training_examples=len(whole.train),
        test_examples=len(test),
        rows=rows,
    )


def _without(material: Material, number: int) -> Material:
    """`material` without the attack at the place `number`, and without its label."""
    attacks, victims = material.labels
    return Material(
        _dropped(material.train, number),
        _dropped(material.validation, number),
        ([name for place, name in enumerate(attacks) if place != number], victims),
        files.canonical_hash([material.sha256, attacks[number]]),
    )


def _dropped(examples: Examples, number: int) -> Examples:
    kept = examples.take(np.flatnonzero(examples.attack != number))
    return dataclasses.replace(kept, attack=kept.attack - (kept.attack > number))
