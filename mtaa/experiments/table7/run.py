"""The experiment from end to end: train each network that is not trained yet, examine all on the same images."""

import time

import torch

from mtaa.bench import machine
from mtaa.core import device as devices
from mtaa.core.progress import Progress
from mtaa.dataset.read import data_hash
from mtaa.evaluation.multitask import LOWER_IS_BETTER, delta_mtl
from mtaa.evaluation.predict import Predictions, predict
from mtaa.evaluation.record import Figure
from mtaa.experiments import exam as exams
from mtaa.experiments import trained
from mtaa.experiments.exam import Exam
from mtaa.experiments.table7.models import ALL, Key, Model, models
from mtaa.experiments.table7.record import NAME, Row, Table7Record, Table7Settings
from mtaa.experiments.trained import Trained
from mtaa.scenario import load


def run(settings: Table7Settings, progress: Progress) -> Table7Record:
    """Raises `InputError` where examples are missing. Interrupted, it loses part of an epoch."""
    began, trainings = time.perf_counter(), 0.0
    scenario, place = load(settings.scenario), devices.pick(settings.device)
    material = trained.material(scenario, settings.scale)
    exam = exams.open_exam(scenario, settings.checkpoint, material.train)
    rows = []
    for seed in settings.seeds:
        baseline: tuple[Predictions, dict[str, Figure]] | None = None
        for model in models(settings):
            found: dict[Key, Trained] = {}
            for key, (network, training) in model.networks.items():
                progress.raise_if_cancelled()
                at, name = time.perf_counter(), f"{model.name}-{key}-{seed}"
                training = training.model_copy(update={"seed": seed})
                found[key] = trained.obtain(NAME, name, network, training, material, progress)
                began += time.perf_counter() - at  # counted by its own clock
                trainings += found[key].seconds
            said = _said(found, exam, place)
            baseline = baseline or (said, exams.figures(exam, said))
            rows.append(_row(model, seed, found, exam, said, baseline))
    return Table7Record(
        settings=settings,
        environment=machine.environment(place, [], {}),
        seconds=round(trainings + time.perf_counter() - began, 1),
        remark=trained.remark(len(material.train), rows[0].epochs),
        scenario_sha256=scenario.hash,
        data_sha256=data_hash(scenario),
        test_sha256=exam.sha256,
        training_examples=len(material.train),
        test_examples=len(exam.examples),
        rows=rows,
    )


def _said(found: dict[Key, Trained], exam: Exam, place: torch.device) -> Predictions:
    """What a model says: each answer by the network that was trained for it."""
    by_key = {key: predict(one.network, exam.examples.images, place) for key, one in found.items()}
    if ALL in by_key:
        return by_key[ALL]
    attack, victim, strength = (by_key[task] for task in ("attack", "victim", "intensity"))
    return Predictions(attack.attack_logits, victim.victim_logits, strength.intensity)


def _row(
    model: Model,
    seed: int,
    found: dict[Key, Trained],
    exam: Exam,
    said: Predictions,
    baseline: tuple[Predictions, dict[str, Figure]],
) -> Row:
    figures, (reference, theirs) = exams.figures(exam, said), baseline
    mine, single = ([one[name].value for name in LOWER_IS_BETTER] for one in (figures, theirs))
    return Row(
        model=model.name,
        said=model.said,
        seed=seed,
        networks={
            key: {"network": network.model_dump(mode="json"), "training": training.model_dump(mode="json")}
            for key, (network, training) in model.networks.items()
        },
        epochs=max(len(one.curves) for one in found.values()),
        parameters=sum(one.parameters for one in found.values()),
        flops=sum(one.flops for one in found.values()),
        seconds=round(sum(one.seconds for one in found.values()), 1),
        weights_sha256={key: one.weights_sha256 for key, one in found.items()},
        figures=figures,
        changes={} if said is reference else exams.changes(exam, reference, said),
        delta_mtl=round(delta_mtl(mine, single, list(LOWER_IS_BETTER.values())), 4),
    )
