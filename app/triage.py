"""Which of many results are listed, and in which order: functions of plain values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.service import Result
from app.words import NOBODY
from mtaa import api

LOW = 0.7
AS_DROPPED = "as dropped"


@dataclass(frozen=True)
class Wanted:
    """What must hold of a listed result; names of which none is given are no condition. `confidence` in percent."""

    attacks: Sequence[str] = ()
    victims: Sequence[str] = ()
    confidence: tuple[int, int] = (0, 100)
    only_doubtful: bool = False
    order: str = AS_DROPPED

    @property
    def is_all(self) -> bool:
        """Whether every result is listed."""
        return self == Wanted(order=self.order)

    def has(self, result: Result) -> bool:
        """Whether a result is listed. One that names nobody is left out by any condition but doubt."""
        if self.only_doubtful and not needs_a_look(result):
            return False
        if isinstance(result, api.Refusal) or result.names_nobody:
            return not self.attacks and not self.victims and self.confidence == Wanted.confidence
        said, (low, high) = result.inferred, self.confidence
        return (
            (not self.attacks or _may_be(said.attack, said.kind, self.attacks))
            and (not self.victims or _may_be(said.victim, said.source, self.victims))
            and low <= 100 * confidence(result) <= high
        )


def _may_be(ranking: api.Ranking, support: api.Support | None, names: Sequence[str]) -> bool:
    """Whether a verdict leaves it open, or says, that it is one of `names`."""
    return not {ranking.label, *(support.members if support is not None else ())}.isdisjoint(names)


def sha256(result: Result) -> str:
    """The hash of the image that a result speaks of."""
    return result.sha256 if isinstance(result, api.Refusal) else result.observed.sha256


def conclusion(result: Result) -> str:
    """What a result comes to, in one word."""
    return "refused" if isinstance(result, api.Refusal) else result.inferred.conclusion


def confidence(verdict: api.Verdict) -> float:
    """The least probability of what a verdict names: its attack, and its source model where it names one."""
    said = verdict.inferred
    return (
        said.attack.probability
        if said.victim.label == NOBODY
        else min(said.attack.probability, said.victim.probability)
    )


def needs_a_look(result: Result) -> bool:
    """Whether a person should see it: refused, changed, undecided, of an unknown tool-chain, or of low confidence."""
    if isinstance(result, api.Refusal) or result.standing == "unknown" or is_changed(result):
        return True
    return result.inferred.conclusion == "inconclusive" or confidence(result) < LOW


def is_changed(result: Result) -> bool:
    """Whether the image was found to be changed, so that its evidence is less than that of an image as it was made."""
    gate = None if isinstance(result, api.Refusal) else result.attributability
    return gate is not None and gate.answer != "attributable"


def remarks(results: Sequence[Result]) -> list[str]:
    """How many of them are of an unknown tool-chain, and how many were changed; what there are none of is left out."""
    unknown = sum(not isinstance(result, api.Refusal) and result.standing == "unknown" for result in results)
    counts = {"of an unknown tool-chain": unknown, "found changed": sum(map(is_changed, results))}
    return [f"{count} {words}" for words, count in counts.items() if count]


def listed(results: Sequence[Result], wanted: Wanted) -> list[int]:
    """Places in `results` of those that are wanted, in the order that is."""
    places = [place for place, result in enumerate(results) if wanted.has(result)]
    key = ORDERS[wanted.order]
    return places if key is None else sorted(places, key=lambda place: key(results[place]))


def _doubt(result: Result) -> float:
    return -1.0 if isinstance(result, api.Refusal) or result.names_nobody else confidence(result)


def _certainty(result: Result) -> float:
    return -_doubt(result)


def _name(result: Result) -> str:
    return (result.name if isinstance(result, api.Refusal) else result.observed.name).casefold()


def _finding(result: Result) -> tuple[Any, ...]:
    if isinstance(result, api.Refusal) or result.names_nobody:
        return (1, "", "", 0.0)
    said, strength = result.inferred, result.inferred.hyperparameter
    return (0, said.attack.title, said.victim.title, 0.0 if strength is None else -strength.value)


ORDERS: dict[str, Callable[[Result], Any] | None] = {
    AS_DROPPED: None,
    "least certain first": _doubt,
    "most certain first": _certainty,
    "by file name": _name,
    "by attack, source model, strength": _finding,
}
