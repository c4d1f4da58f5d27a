"""How narrowly verdicts name a source model, and how often that is right."""

import numpy as np
from scipy.special import softmax

from mtaa.core.card import Card
from mtaa.core.hierarchy import OF_VICTIMS, family
from mtaa.core.labels import CLEAN, NOBODY
from mtaa.core.support import supported
from mtaa.dataset.examples import Examples
from mtaa.evaluation import metrics
from mtaa.evaluation.predict import Predictions
from mtaa.evaluation.record import Figure


def support(card: Card, examples: Examples, predictions: Predictions) -> dict[str, dict[str, Figure]]:
    """By attack, and of `all`: shares of adversarial examples named adversarial whose `model`, only whose `family`, or
    `none` of it is named; and `model_right`, `family_right`, of those so named the share that is right."""
    models = [place for place, name in enumerate(card.victims) if name != NOBODY]
    names = [card.victims[place] for place in models]
    told = np.ones(len(examples), bool)
    if CLEAN in card.attacks:
        clean = card.attacks.index(CLEAN)
        told = (examples.attack != clean) & (predictions.attack != clean)
    logits = predictions.victim_logits[told][:, models].astype(np.float64) / card.calibration.victim_temperature
    said = [supported(dict(zip(names, row, strict=True)), OF_VICTIMS) for row in softmax(logits, axis=1).tolist()]
    true = [card.victims[place] for place in examples.victim[told]]
    level = np.array([one.level for one in said])
    right = np.array(
        [
            one.members[0] == name if one.level == "model" else family(one.members[0]) == family(name)
            for one, name in zip(said, true, strict=True)
        ]
    )
    attack = np.array(card.attacks)[examples.attack[told]]
    found = {}
    for name in ["all", *card.attacks]:
        mine = np.ones(len(level), bool) if name == "all" else attack == name
        if not mine.any():
            continue
        found[name] = {one: metrics.accuracy((level == one)[mine]) for one in ("model", "family", "none")}
        for one in ("model", "family"):
            named = mine & (level == one)
            if named.any():
                found[name][f"{one}_right"] = metrics.accuracy(right[named])
    return found
