"""From logits to what is said: calibrated probabilities, an interval, one sentence, and when to stay silent."""

from typing import Literal

import numpy as np

from mtaa.core.card import Card
from mtaa.core.support import supported
from mtaa.core.titles import title
from mtaa.core.verdict import Inferred, Intensity, Ranking
from mtaa.core.wording import SUFFIXES, interval, percent, size

DECIDED = 0.9
CLEAN, NOBODY = "clean", "none"


def conclude(
    card: Card, attack_logits: np.ndarray, victim_logits: np.ndarray, intensity: float
) -> tuple[Inferred, list[str]]:
    """What the network's outputs for one image mean, and warnings to go with it.

    `attack_logits` (A,), `victim_logits` (V,), `intensity` in label units. Probabilities are
    softmax at the calibrated temperatures. Those of the victim are given that the image is what the attack head says:
    a clean image has no victim, an adversarial one has some.
    """
    attack = dict(zip(card.attacks, _softmax(attack_logits / card.calibration.attack_temperature), strict=True))
    best = max(attack, key=lambda name: attack[name])
    victim = dict(zip(card.victims, _softmax(victim_logits / card.calibration.victim_temperature), strict=True))
    if NOBODY in victim:
        kept = [name for name in victim if (name == NOBODY) == (best == CLEAN)]
        whole = sum(victim[name] for name in kept)
        victim = {name: victim[name] / whole if name in kept else 0.0 for name in victim}
    adversarial = 1 - attack[CLEAN] if CLEAN in attack else None
    ranked_attack, ranked_victim = _rank(attack), _rank(victim)
    strength = None if best == CLEAN else _intensity(card, best, ranked_victim.label, intensity)
    source = None if best == CLEAN else supported({name: share for name, share in victim.items() if name != NOBODY})
    conclusion = _conclusion(adversarial)
    inferred = Inferred(
        conclusion=conclusion,
        adversarial_probability=adversarial,
        attack=ranked_attack,
        victim=ranked_victim,
        hyperparameter=strength,
        source=source,
        sentence="",
    )
    inferred = inferred.model_copy(update={"sentence": said(inferred)})
    return inferred, _warnings(card, inferred)


def withheld(inferred: Inferred) -> Inferred:
    """The same rankings with no name given: they are of an image that can't show who made it any longer."""
    sentence = "No name is given: the image was changed in a way that leaves too little of a signature."
    return inferred.model_copy(
        update={"conclusion": "inconclusive", "hyperparameter": None, "source": None, "sentence": sentence}
    )


def _softmax(logits: np.ndarray) -> list[float]:
    powers = np.exp(logits.astype(np.float64) - logits.max())
    return [float(value) for value in powers / powers.sum()]


def _rank(probabilities: dict[str, float]) -> Ranking:
    ordered = dict(sorted(probabilities.items(), key=lambda item: -item[1]))
    label, probability = next(iter(ordered.items()))
    return Ranking(label=label, title=title(label), probability=probability, probabilities=ordered)


def _conclusion(adversarial: float | None) -> Literal["adversarial", "clean", "inconclusive"]:
    if adversarial is None or 1 - DECIDED < adversarial < DECIDED:
        return "inconclusive"
    return "adversarial" if adversarial >= DECIDED else "clean"


def _intensity(card: Card, attack: str, victim: str, value: float) -> Intensity:
    spread = card.calibration.intensity
    unit = card.units[attack]
    reachable = card.reachable_margins.get(victim) if unit == "logits" else None
    return Intensity(
        symbol=card.symbols[attack],
        unit=unit,
        value=max(0.0, value),
        low=max(0.0, value - spread.low[attack]),
        high=value + spread.high[attack],
        level=spread.level,
        saturated=reachable is not None and value >= reachable,
    )


def said(inferred: Inferred) -> str:
    """What is concluded, in one sentence."""
    attack, source, strength = inferred.attack, inferred.source, inferred.hyperparameter
    if inferred.conclusion == "clean":
        return f"No attack known to this checkpoint was found ({percent(attack.probability)} clean)."
    if strength is None or source is None:
        return f"Undecided: {attack.title} is likeliest, at {percent(attack.probability)} only."
    where = {
        "model": f"on {source.title} ({percent(source.probability)})",
        "family": f"on a model of the {source.title} ({percent(source.probability)})",
        "none": "on a source model that is undecided",
    }[source.level]
    what = f"{attack.title} ({percent(attack.probability)}) {where}"
    how = (
        f"{size(strength)} ({interval(strength)})" if strength.low < strength.high else f"{size(strength)} for certain"
    )
    return f"{'Undecided, likeliest ' if inferred.conclusion == 'inconclusive' else ''}{what}, {how}."


def _warnings(card: Card, inferred: Inferred) -> list[str]:
    found = []
    if inferred.adversarial_probability is None:
        found.append("This checkpoint knows no clean class: it names the likeliest attack even for a clean image.")
    strength, source, shares = inferred.hyperparameter, inferred.source, inferred.victim.probabilities
    if strength is None or source is None:
        return found
    likely = " and ".join(f"{title(name)} ({percent(shares[name])})" for name in source.members)
    if source.level == "family" and len(source.members) > 1:
        found.append(f"Within the {source.title} the source model is undecided between {likely}.")
    if source.level == "none":
        found.append(f"The source model is undecided, likeliest {likely}.")
    low, high = card.intensity_grids[inferred.attack.label]
    if not low <= strength.value <= high:
        found.append(
            f"{strength.symbol} lies outside the {low:g} to {high:g}{SUFFIXES[strength.unit]} that this checkpoint "
            "has learnt."
        )
    return found
