"""From logits to what is said: calibrated probabilities, an interval, one sentence, and when to stay silent."""

from typing import Literal

import numpy as np

from mtaa.core.card import Card
from mtaa.core.conformal import Limits, answers
from mtaa.core.hierarchy import OF_ATTACKS, OF_VICTIMS
from mtaa.core.labels import CLEAN, NOBODY
from mtaa.core.support import supported
from mtaa.core.titles import title
from mtaa.core.verdict import Coverage, Inferred, Intensity, Ranking
from mtaa.core.wording import SUFFIXES, measured, named, percent

DECIDED = 0.9


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
    models = {name: share for name, share in victim.items() if name != NOBODY}
    kind, source = (None, None) if best == CLEAN else (supported(attack, OF_ATTACKS), supported(models, OF_VICTIMS))
    conclusion = _conclusion(adversarial)
    inferred = Inferred(
        conclusion=conclusion,
        adversarial_probability=adversarial,
        attack=ranked_attack,
        victim=ranked_victim,
        hyperparameter=strength,
        kind=kind,
        source=source,
        coverage=_coverage(card, best, attack_logits, victim_logits, strength),
        sentence="",
    )
    inferred = inferred.model_copy(update={"sentence": said(inferred)})
    return inferred, _warnings(card, inferred)


def withheld(inferred: Inferred) -> Inferred:
    """The same rankings with no name given: they are of an image that can't show who made it any longer."""
    sentence = "No name is given: the image was changed in a way that leaves too little of a signature."
    return inferred.model_copy(
        update={
            "conclusion": "inconclusive",
            "hyperparameter": None,
            "kind": None,
            "source": None,
            "coverage": [],
            "sentence": sentence,
        }
    )


def unrecognised(inferred: Inferred) -> Inferred:
    """The same, said of an image that lies far from everything known."""
    said = inferred.sentence[0].upper() + inferred.sentence[1:]
    if inferred.hyperparameter is None:
        return inferred.model_copy(update={"sentence": f"Unlike what this checkpoint knows. {said}"})
    return inferred.model_copy(update={"sentence": f"An unknown tool-chain. The nearest that is known: {said}"})


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


def _coverage(
    card: Card, named: str, attack_logits: np.ndarray, victim_logits: np.ndarray, strength: Intensity | None
) -> list[Coverage]:
    """What the card's thresholds leave at each level, given that the attack `named` is told."""
    if card.calibration.conformal is None:
        return []
    attacks = dict(zip(card.attacks, map(float, attack_logits), strict=True))
    victims = dict(zip(card.victims, map(float, victim_logits), strict=True))
    victims.pop(NOBODY, None)
    found = []
    for limits in card.calibration.conformal.limits:
        told = {"level": limits.level, "attacks": answers(attacks, limits.attack), "victims": []}
        if strength is not None:
            told["victims"] = answers(victims, dict.fromkeys(victims, limits.victim[named]))
            told["low"], told["high"] = _ends(card, named, limits, strength.value)
        found.append(Coverage.model_validate(told))
    return found


def _ends(card: Card, attack: str, limits: Limits, value: float) -> tuple[float, float]:
    """Ends of the intensity's interval; where nothing can be promised, those of what is learnt, which hold it."""
    (first, last), below, above = card.intensity_grids[attack], limits.low[attack], limits.high[attack]
    low = min(value, first) if below is None else max(0.0, value - below)
    return low, max(value, last) if above is None else value + above


def said(inferred: Inferred) -> str:
    """What is concluded, in one sentence."""
    attack, kind, source, strength = inferred.attack, inferred.kind, inferred.source, inferred.hyperparameter
    if inferred.conclusion == "clean":
        return f"No attack known to this checkpoint was found ({percent(attack.probability)} clean)."
    if kind is None or source is None or strength is None:
        return f"Undecided whether it was attacked: {attack.title} is likeliest, at {percent(attack.probability)} only."
    what = f"{named(kind)} ({percent(kind.probability)})"
    where = f"on {named(source)} ({percent(source.probability)})"
    if kind.level == "none":
        what = f"attack undecided, likeliest {what},"
    if source.level == "none":
        where = "on a source model that is undecided"
    if inferred.conclusion == "inconclusive":
        what = f"Undecided whether it was attacked; if so, {what}"
    elif kind.level != "attack":
        what = what[0].upper() + what[1:]
    return f"{what} {where}, {measured(strength)}."


def _warnings(card: Card, inferred: Inferred) -> list[str]:
    found = []
    if inferred.adversarial_probability is None:
        found.append("This checkpoint knows no clean class: it names the likeliest attack even for a clean image.")
    strength = inferred.hyperparameter
    if strength is None:
        return found
    low, high = card.intensity_grids[inferred.attack.label]
    if not low <= strength.value <= high:
        found.append(
            f"{strength.symbol} lies outside the {low:g} to {high:g}{SUFFIXES[strength.unit]} that this checkpoint "
            "has learnt."
        )
    return found
