"""What is worth trying: the attack that a verdict names on every source model, and its runner-up."""

from mtaa.core.card import Card
from mtaa.core.countercheck import Hypothesis
from mtaa.core.errors import InputError
from mtaa.core.labels import CLEAN, NOBODY
from mtaa.core.units import UNITS
from mtaa.core.verdict import Verdict

WORTH = 0.01  # a second attack is tried from this probability on


def hypotheses(card: Card, verdict: Verdict, linf: int | None = None) -> list[Hypothesis]:
    """The hypotheses of a verdict, likeliest first.

    The strength is the verdict's own, in the middle of the learnt range for a runner-up whose unit is another. `linf`,
    the true largest difference in grey levels where a clean original is known, is the ε of an attack that keeps to it.
    Raises `InputError` where the verdict names no attack.
    """
    said = verdict.inferred
    if said.hyperparameter is None:
        raise InputError("verdict must name an attack to be checked by re-attack, got none; there is nothing to run")
    attacks = [said.attack.label]
    rest = {name: p for name, p in said.attack.probabilities.items() if name not in (*attacks, CLEAN)}
    attacks += [name for name in sorted(rest, key=lambda name: -rest[name])[:1] if rest[name] >= WORTH]
    victims = [name for name in said.victim.probabilities if name != NOBODY]
    return [
        Hypothesis(
            attack=attack,
            victim=victim,
            symbol=card.symbols[attack],
            unit=card.units[attack],
            intensity=_strength(card, verdict, attack, linf),
        )
        for attack in attacks
        for victim in victims
    ]


def _strength(card: Card, verdict: Verdict, attack: str, linf: int | None) -> float:
    said, unit = verdict.inferred.hyperparameter, card.units[attack]
    if linf is not None and unit == "1/255":
        return float(linf)
    if said is not None and unit == said.unit:
        return round(said.value, UNITS[unit].digits)
    return sum(card.intensity_grids[attack]) / 2
