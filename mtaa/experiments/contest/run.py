"""The experiment from end to end: train each network that is not trained yet, examine all on the same images."""

import numpy as np
import torch

from mtaa.core.progress import Progress
from mtaa.evaluation.multitask import LOWER_IS_BETTER, delta_mtl
from mtaa.evaluation.predict import Predictions, predict
from mtaa.evaluation.record import Figure
from mtaa.experiments import exam as exams
from mtaa.experiments.contenders import SHARED
from mtaa.experiments.contest.models import ALL, Key, Model, models
from mtaa.experiments.contest.paper import PAPER
from mtaa.experiments.contest.record import ContestRecord, ContestSettings, Row
from mtaa.experiments.exam import Exam
from mtaa.experiments.portion import part
from mtaa.experiments.trained import Trained
from mtaa.experiments.trial import Trial

Told = tuple[Predictions, dict[str, Figure]]


def run(settings: ContestSettings, progress: Progress) -> ContestRecord:
    """Raises `UnknownNameError`, or `InputError` where examples are missing. Interrupted, it loses part of an epoch."""
    trial = Trial.open(settings, SHARED, progress)
    trial = trial.within(part(trial.material.labels, clean=settings.has_clean))
    rows = []
    for seed in settings.seeds:
        told: dict[str, Told] = {}
        for model in models(settings, seed):
            found: dict[Key, Trained] = {
                key: trial.networks.obtain(f"{network.backbone}-{key}-{seed}", network, training, trial.material)
                for key, (network, training) in model.networks.items()
            }
            said = _said(found, trial.exam, trial.place)
            told[model.name] = said, exams.figures(trial.exam, said)
            rows.append(_row(model, seed, found, trial.exam, told))
    common = trial.record(settings, max(row.epochs for row in rows))
    paper = PAPER[settings.table]
    return ContestRecord(**common, experiment=settings.table, rows=rows, paper=paper)


def _said(found: dict[Key, Trained], exam: Exam, place: torch.device) -> Predictions:
    """What a model says: each answer by the network that was trained for it, the intensity for the attack named.

    A network for intensity alone was never told which attack is which, so that its own answer to that means nothing.
    """
    by_key = {key: predict(one.network, exam.examples.images, place) for key, one in found.items()}
    if ALL in by_key:
        return by_key[ALL]
    attack, victim, strength = (by_key[task] for task in ("attack", "victim", "intensity"))
    intensity = strength.intensities[np.arange(len(exam.examples)), attack.attack]
    return Predictions(attack.attack_logits, victim.victim_logits, intensity, strength.intensities)


def _row(model: Model, seed: int, found: dict[Key, Trained], exam: Exam, told: dict[str, Told]) -> Row:
    said, figures = told[model.name]
    changes, delta = {}, None
    if model.against:
        theirs, their_figures = told[model.against]
        changes = exams.changes(exam, theirs, said)
        mine, single = ([one[name].value for name in LOWER_IS_BETTER] for one in (figures, their_figures))
        delta = round(delta_mtl(mine, single, list(LOWER_IS_BETTER.values())), 4)
    return Row(
        model=model.name,
        against=model.against,
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
        changes=changes,
        delta_mtl=delta,
    )
