"""A verdict as answers to the questions an analyst asks, in the order they are asked: one wording for everywhere."""

from dataclasses import dataclass
from typing import Literal

from mtaa.core.labels import CLEAN, NOBODY
from mtaa.core.prior import told as said_prior
from mtaa.core.support import Support
from mtaa.core.titles import title
from mtaa.core.verdict import Coverage, Inferred, Ranking, Verdict
from mtaa.core.wording import either, measured, named, percent, span

Tone = Literal["yes", "no", "open"]


@dataclass(frozen=True)
class Answer:
    """`short` is the answer, `rest` what goes with it, in sentences. `tone` is for colours; an open answer is one."""

    question: str
    short: str
    rest: list[str]
    tone: Tone


def answers(verdict: Verdict, said: Inferred | None = None) -> list[Answer]:
    """The answers of a verdict: can it be attributed, is it adversarial, by what, how sure, why.

    `said` is its `inferred` by default, or its `informed`. Where no name may be given, "by what" and "how sure" are
    left out.
    """
    told = said or verdict.inferred
    found = [_attributable(verdict), _adversarial(verdict, told)]
    if told.hyperparameter is not None and not verdict.names_nobody:
        found.append(_of_unknown(told) if verdict.standing == "unknown" else _by_what(told))
    if told.coverage:
        found.append(_how_sure(verdict, told))
    return [*found, _why(verdict)]


def _attributable(verdict: Verdict) -> Answer:
    question, gate = "Can it be attributed?", verdict.attributability
    if gate is None:
        return Answer(question, "Not known", ["This checkpoint was never measured on changed images."], "open")
    grounds = [ground.says for ground in gate.grounds if ground.answer == gate.answer]
    short: dict[str, tuple[str, Tone]] = {
        "attributable": ("Yes", "yes"),
        "weakened": ("With less certainty", "open"),
        "destroyed": ("No", "no"),
    }
    return Answer(question, short[gate.answer][0], grounds, short[gate.answer][1])


def _adversarial(verdict: Verdict, told: Inferred) -> Answer:
    question, share = "Is it adversarial?", told.adversarial_probability
    if verdict.names_nobody:
        return Answer(question, "Can't be told", [told.sentence], "open")
    if share is None:
        return Answer(question, "Not asked", ["This checkpoint knows no clean class."], "open")
    before = verdict.prior
    weighed = [] if before is None else [f"Where {said_prior(before.share)} is attacked: {percent(before.posterior)}."]
    if told.conclusion == "adversarial":
        return Answer(question, "Yes", [f"Probability {percent(share)}.", *weighed], "yes")
    if told.conclusion == "clean":
        rest = f"Probability of one {percent(share)}."
        return Answer(question, "No attack known here was found", [rest, *weighed], "no")
    rest = f"Probability {percent(share)}: too little for either answer."
    return Answer(question, "Undecided", [rest, *weighed], "open")


def _by_what(told: Inferred) -> Answer:
    assert told.hyperparameter is not None
    attack = _support(told.kind, told.attack, "attack")
    source = _support(told.source, told.victim, "source model")
    rest = [part for part in (_open(told.kind, told.attack), _open(told.source, told.victim)) if part]
    is_named = all(one is None or one.level != "none" for one in (told.kind, told.source))
    if told.kind is not None and told.kind.level != "attack":
        attack = attack[0].upper() + attack[1:]
    short = f"{attack}, on {source}, {measured(told.hyperparameter)}"
    return Answer("By what?", short, rest, "yes" if is_named else "open")


def _of_unknown(told: Inferred) -> Answer:
    nearest = _by_what(told)
    rest = f"Of what this checkpoint knows, the nearest is: {nearest.short}."
    return Answer(nearest.question, "An unknown tool-chain", [rest, *nearest.rest], "open")


def _support(support: Support | None, ranking: Ranking, what: str) -> str:
    if support is None:  # a verdict of before
        return f"{ranking.title} ({percent(ranking.probability)})"
    if support.level == "none":
        return f"an undecided {what}"
    return f"{named(support)} ({percent(support.probability)})"


def _open(support: Support | None, ranking: Ranking) -> str:
    """Between which names a back-off leaves it undecided; empty where there is nothing left to decide."""
    if support is None or len(support.members) < 2:
        return ""
    shares = [f"{title(name)} {percent(ranking.probabilities[name])}" for name in support.members]
    return f"{'Likeliest' if support.level == 'none' else 'Undecided'}: {either(shares)}."


def _how_sure(verdict: Verdict, told: Inferred) -> Answer:
    """What was promised of unchanged images of what the checkpoint knows; of others nothing was."""
    gate = verdict.attributability
    if verdict.standing == "unknown":
        return Answer("How sure?", "Nothing is promised", ["The image is unlike those that promises hold for."], "open")
    if gate is not None and gate.answer != "attributable":
        return Answer("How sure?", "Nothing is promised", ["Promises hold for unchanged images alone."], "open")
    return Answer("How sure?", "", [_sure(told, one) for one in told.coverage], "open")


def _sure(told: Inferred, one: Coverage) -> str:
    """Answers made in the same way hold the truth in so many test images, each by itself."""
    known = [name for name in told.victim.probabilities if name != NOBODY]
    parts = [f"the attack is {_among(one.attacks, len(told.attack.probabilities))}"]
    if one.victims:
        parts.append(f"the source model is {_among(one.victims, len(known))}")
    strength = told.hyperparameter
    if strength is not None and one.low is not None and one.high is not None:
        ends = span(one.low, one.high, strength.unit, strength.saturated)
        parts.append(f"{strength.symbol} is {ends}" if one.low < one.high else f"{strength.symbol} is certain")
    return f"Each of these holds for {one.level * 100:.0f} in 100 test images: {'; '.join(parts)}."


def _among(names: list[str], known: int) -> str:
    if len(names) == known and known > 2:
        return "any of those it knows"
    return either([title(name) if name != CLEAN else "none (clean)" for name in names])


def _why(verdict: Verdict) -> Answer:
    seen, measures, mark = verdict.observed, verdict.derived, verdict.checkpoint
    rest = [
        f"OBSERVED: {seen.format}, {seen.width} × {seen.height} pixels.",
        f"DERIVED: {measures.levels} grey levels, roughness {measures.roughness:.1f}/255.",
        f"INFERRED: by checkpoint {mark.name}, weights {mark.weights_sha256[:12]}.",
    ]
    return Answer("Why?", "", rest, "open")
