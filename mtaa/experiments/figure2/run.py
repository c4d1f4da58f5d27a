"""The experiment from end to end: Table 2's classifier, its logits on the test images, their map."""

from collections import Counter

import numpy as np

from mtaa.core.progress import Progress
from mtaa.core.titles import title
from mtaa.evaluation import metrics
from mtaa.evaluation.predict import predict
from mtaa.experiments.contenders import SHARED
from mtaa.experiments.figure2.record import NEIGHBOURS, Figure2Record, Figure2Settings, Row
from mtaa.experiments.joint import Joint
from mtaa.experiments.portion import part
from mtaa.experiments.trial import Trial
from mtaa.signatures.maps import Layout, tsne
from mtaa.signatures.neighbours import nearest, vote
from mtaa.signatures.quality import trustworthiness


def run(settings: Figure2Settings, progress: Progress) -> Figure2Record:
    """Raises `InputError` where examples are missing, or too few for a map. Interrupted, it loses part of an epoch."""
    trial, seed = Trial.open(settings, SHARED, progress), settings.seeds[0]
    trial = trial.within(part(trial.material.labels, clean=False))
    joint, truth = Joint(trial.material.labels), trial.exam.examples
    found = trial.classifier(joint, settings, settings.backbone, seed)
    logits = predict(found.network, truth.images, trial.place).attack_logits
    mapped = tsne(logits, 2, Layout(perplexity=settings.perplexity, seed=seed), progress)
    true = joint.of(truth.attack, truth.victim, truth.intensity)
    _, places = nearest(mapped, None, NEIGHBOURS)
    attacks, victims = trial.material.labels
    return Figure2Record(
        **trial.record(settings, len(found.curves)),
        weights_sha256=found.weights_sha256,
        attacks=attacks,
        victims=victims,
        points=[(round(float(x), 3), round(float(y), 3)) for x, y in mapped],
        attack=truth.attack.tolist(),
        victim=truth.victim.tolist(),
        accuracy=metrics.accuracy(logits.argmax(1) == true, 1 / len(joint.classes)),
        attack_knn=metrics.accuracy(vote(truth.attack[places]) == truth.attack, 1 / len(attacks)),
        victim_knn=metrics.accuracy(vote(truth.victim[places]) == truth.victim, 1 / len(victims)),
        trust=trustworthiness(logits, mapped, NEIGHBOURS),
        rows=_rows(joint, true, places),
    )


def _rows(joint: Joint, true: np.ndarray, places: np.ndarray) -> list[Row]:
    """How pure the neighbourhoods of each class are; `places` (n, k) are every point's nearest."""
    (attacks, victims), found = joint.labels, []
    for number, (attack, victim, _) in enumerate(joint.classes):
        around = true[places[true == number]].ravel()
        if not len(around):
            continue
        others = Counter(around[around != number].tolist()).most_common(1)
        other, count = others[0] if others else (0, 0)
        foreign_attack, foreign_victim, _ = joint.classes[other]
        found.append(
            Row(
                attack=attacks[attack],
                victim=victims[victim],
                count=int((true == number).sum()),
                own=round(float((around == number).mean()), 4),
                next=f"{title(attacks[foreign_attack])} on {title(victims[foreign_victim])}" if count else "",
                next_share=round(count / len(around), 4),
            )
        )
    return found
