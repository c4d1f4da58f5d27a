"""What a counter-check by re-attack finds: hypotheses run against the named source models, held against the image."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from mtaa.core.titles import title
from mtaa.core.units import Symbol, UnitName

SCHEMA_VERSION = 1
Mode = Literal["reference", "blind"]
LEAD = 0.05  # by so much in correlation the first must lead, or the check decides nothing
# From the clean original what is right makes nearly the same; what does not is of other weights, of an attack that is
# not known here, or from a picture that is not the original.
NEAR: dict[Mode, float] = {"reference": 0.8, "blind": 0.0}


class Record(BaseModel):
    """Unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Hypothesis(Record):
    """One attack on one source model at one intensity, in the attack's unit."""

    attack: str
    victim: str
    symbol: Symbol
    unit: UnitName
    intensity: float


class Agreement(Record):
    """How alike two perturbations of one image are, pixel by pixel.

    `signs`: share of pixels with the same sign, of those that both change; None where there are none. `correlation`:
    cosine of the angle between them, 0 where one is nothing. `linf`: largest difference between them, in grey levels.
    """

    signs: float | None
    correlation: float
    linf: int


class Tried(Record):
    """A hypothesis, and how alike what it makes is to what was found."""

    hypothesis: Hypothesis
    agreement: Agreement


class CounterCheck(Record):
    """All that was tried on one image, best agreement first.

    `mode`: `reference` with the clean original, `blind` with an estimate of it. `answer`, of the source model that the
    verdict ranks first: `for` where it `leads` every other, `against` where another does, else `undecided`.
    """

    schema_version: int = SCHEMA_VERSION
    mode: Mode
    named: str
    tried: list[Tried]

    @property
    def answer(self) -> Literal["for", "against", "undecided"]:
        first, *others = best_by_victim(self.tried)
        second = others[0].agreement.correlation if others else -1.0
        if not leads(first.agreement.correlation, second, self.mode):
            return "undecided"
        return "for" if first.hypothesis.victim == self.named else "against"


def leads(first: float, second: float, mode: Mode) -> bool:
    """Whether a source model's best correlation is high enough, and far enough above the next one's."""
    return first - second >= LEAD and first >= NEAR[mode]


def best_by_victim(tried: list[Tried]) -> list[Tried]:
    """The best attempt on each source model, best first."""
    found: dict[str, Tried] = {}
    for one in sorted(tried, key=lambda one: -one.agreement.correlation):
        found.setdefault(one.hypothesis.victim, one)
    return list(found.values())


def sentence(check: CounterCheck) -> str:
    """What a check says, in words."""
    first, *others = best_by_victim(check.tried)
    where = "the clean original" if check.mode == "reference" else "an estimate of the clean original"
    best = f"{title(first.hypothesis.attack)} on {title(first.hypothesis.victim)}"
    said = f"Of all attacks run again on {where}, {best} comes nearest (correlation {first.agreement.correlation:.2f}"
    if others:
        said += f", the best on another source model {others[0].agreement.correlation:.2f}"
    meaning = {
        "for": "This speaks for the source model ranked first.",
        "against": f"This speaks against {title(check.named)}, the source model ranked first.",
        "undecided": "That is too close to speak for or against the source model ranked first.",
    }
    if first.agreement.correlation < NEAR[check.mode]:
        meaning["undecided"] = (
            "None makes what was found: the source model has other weights than those known here, the attack is "
            "another, or the reference is not the original."
        )
    return f"{said}). {meaning[check.answer]}"
