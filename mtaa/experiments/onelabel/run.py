"""The experiment from end to end: train each classifier that is not trained yet, count what it gets right by cell."""

import numpy as np

from mtaa.core.progress import Progress
from mtaa.core.titles import title
from mtaa.evaluation import metrics
from mtaa.evaluation.predict import predict
from mtaa.experiments import contenders
from mtaa.experiments import exam as exams
from mtaa.experiments.contenders import SHARED
from mtaa.experiments.exam import Exam
from mtaa.experiments.joint import Joint
from mtaa.experiments.onelabel.paper import PAPER
from mtaa.experiments.onelabel.record import Cell, OneLabelRecord, OneLabelSettings, Row
from mtaa.experiments.portion import part
from mtaa.experiments.trial import Trial


def run(settings: OneLabelSettings, progress: Progress) -> OneLabelRecord:
    """Raises `UnknownNameError`, or `InputError` where examples are missing. Interrupted, it loses part of an epoch."""
    trial = Trial.open(settings, SHARED, progress)
    trial = trial.within(part(trial.material.labels, clean=False))
    grids = {name: trial.scenario.attack(name).intensities.values() for name in trial.material.labels[0]}
    joint = Joint(trial.material.labels, grids if settings.graded else None)
    if settings.graded:
        joint.check(trial.exam.examples)
    rows = [_row(trial, joint, settings, name, seed) for seed in settings.seeds for name in settings.chosen]
    common, paper = trial.record(settings, rows[0].epochs), PAPER[settings.table]
    return OneLabelRecord(**common, experiment=settings.table, rows=rows, paper=paper)


def _row(trial: Trial, joint: Joint, settings: OneLabelSettings, backbone: str, seed: int) -> Row:
    found, exam = trial.classifier(joint, settings, backbone, seed), trial.exam
    raw, truth = predict(found.network, exam.examples.images, trial.place), exam.examples
    classes = joint.of(truth.attack, truth.victim, truth.intensity)
    said, right = joint.read(raw), raw.attack == classes
    figures = exams.figures(exam, said) if settings.graded else exams.named(exam, said)
    return Row(
        backbone=backbone,
        said=title(backbone),
        seed=seed,
        classes=len(joint.classes),
        network=contenders.bare(backbone).model_dump(mode="json"),
        training=contenders.training(backbone, settings, seed, "attack").model_dump(mode="json"),
        weights_sha256=found.weights_sha256,
        epochs=len(found.curves),
        parameters=found.parameters,
        flops=found.flops,
        seconds=found.seconds,
        figures={"label_accuracy": metrics.accuracy(right, metrics.majority(classes)), **figures},
        changes={},
        cells=_cells(exam, right),
    )


def _cells(exam: Exam, right: np.ndarray) -> list[Cell]:
    (attacks, victims), truth = exam.labels, exam.examples
    found = []
    for attack, name in enumerate(attacks):
        for victim, model in enumerate(victims):
            there = (truth.attack == attack) & (truth.victim == victim)
            if there.any():
                found.append(Cell(attack=name, victim=model, right=metrics.accuracy(right[there])))
    return found
