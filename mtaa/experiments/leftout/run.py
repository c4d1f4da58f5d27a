"""The experiment from end to end: train a network without each attack, and show it that attack."""

import numpy as np

from mtaa.core.labels import CLEAN
from mtaa.core.progress import Progress
from mtaa.core.titles import title
from mtaa.evaluation import metrics
from mtaa.experiments import trained
from mtaa.experiments.leftout.record import NAME, Left, LeftoutRecord, LeftoutSettings
from mtaa.experiments.openset.strange import Case
from mtaa.experiments.openset.yardstick import Yardstick, look
from mtaa.experiments.portion import part
from mtaa.experiments.trial import Trial
from mtaa.models.config import preset
from mtaa.training.config import TrainingConfig, default


def run(settings: LeftoutSettings, progress: Progress) -> LeftoutRecord:
    """Raises `InputError` where examples are missing. Interrupted, it loses part of an epoch."""
    trial, seed = Trial.open(settings, NAME, progress), settings.seeds[0]
    training = default(settings.network).model_copy(update={**settings.unusual, "seed": seed})
    rows = [_row(trial, settings, attack, training) for attack in trial.material.labels[0] if attack != CLEAN]
    common = trial.record(settings, rows[0].epochs)
    common["remark"] = trained.remark(min(row.examples for row in rows), rows[0].epochs)
    return LeftoutRecord(**common, rows=rows)


def _row(trial: Trial, settings: LeftoutSettings, attack: str, training: TrainingConfig) -> Left:
    attacks, place = trial.material.labels[0], trial.place
    others = [one for one in attacks if one not in (attack, CLEAN)]
    within = trial.within(part(trial.material.labels, others, clean=CLEAN in attacks))
    name, material = f"without-{attack}-{training.seed}", within.material
    found = trial.networks.obtain(name, preset(settings.network), training, material)
    looking, test, known = found.network.to(place), trial.exam.examples, within.exam.examples
    victims = material.labels[1]
    yardstick = Yardstick(material.labels, "attack", known, look(looking, victims, known.images, place))
    unseen = test.take(np.flatnonzero(test.attack == attacks.index(attack))).images
    case = Case("attack", title(attack), "attack", unseen)
    row = yardstick.row(case, look(looking, victims, unseen, place))
    return Left(
        attack=attack,
        seconds=found.seconds,
        epochs=len(found.curves),
        examples=len(material.train),
        weights_sha256=found.weights_sha256,
        known=len(yardstick.right),
        accuracy=metrics.accuracy(yardstick.right),
        oscr=yardstick.oscr(),
        row=row,
    )
