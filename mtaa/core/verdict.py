"""What is said of one image: one schema for command line, app and report.

Findings are typed. OBSERVED is read off the bytes, DERIVED is computed from the pixels by a stated rule, INFERRED comes
from a trained model and carries probabilities, an interval and the checkpoint that said so.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from mtaa.core.support import Support
from mtaa.core.units import Symbol, UnitName

SCHEMA_VERSION: Literal[2] = 2  # 1 had no `kind` and no `coverage`
Standing = Literal["known", "family", "unknown", "nothing"]


class Record(BaseModel):
    """Unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Observed(Record):
    """Facts of the file as it came. `mode` is Pillow's name of the pixel format before any conversion."""

    name: str
    sha256: str
    bytes: int
    format: str
    mode: str
    width: int
    height: int
    notes: list[str] = []


class Reference(Record):
    """Measures against a clean original given by the analyst. `linf` in grey levels, `l2` in units of [0, 1].

    at_bound: share of the changed values that are changed by `linf`. correlation: of image and original. shift: by how
    many rows and columns the original must be moved to fit best. None in verdicts of before.
    """

    sha256: str
    linf: int
    l2: float
    changed_share: float
    at_bound: float | None = None
    correlation: float | None = None
    shift: tuple[int, int] | None = None


class Derived(Record):
    """Measures of the pixels as analysed. `levels` is the number of distinct grey levels."""

    channels: int
    levels: int
    minimum: int
    maximum: int
    mean: float
    roughness: float
    reference: Reference | None = None


class Ranking(Record):
    """One classification: the first label, its calibrated probability, and those of all labels, highest first."""

    label: str
    title: str
    probability: float
    probabilities: dict[str, float]


class Intensity(Record):
    """The hyperparameter with its interval. `saturated`: κ is at least this, beyond the victim's reach."""

    symbol: Symbol
    unit: UnitName
    value: float
    low: float
    high: float
    level: float
    saturated: bool = False


class Coverage(Record):
    """What is sure at `level`: of images for which so much is said, that share has the true answer among what is said.

    Each answer for itself, not all at once. `attacks` and `victims` are stored names, likeliest first; `victims` is
    empty, and `low` and `high` of the hyperparameter are None, where a clean image is named.
    """

    level: float
    attacks: list[str]
    victims: list[str]
    low: float | None = None
    high: float | None = None


class Inferred(Record):
    """What the model concludes. `conclusion` is `inconclusive` when neither side reaches the stated threshold.

    `kind` and `source`: how narrowly the attack and the source model can be named; None where there is nothing to name,
    and in verdicts of before. `coverage` by level, ascending; none where the checkpoint was not calibrated for it.
    """

    conclusion: Literal["adversarial", "clean", "inconclusive"]
    adversarial_probability: float | None
    attack: Ranking
    victim: Ranking
    hyperparameter: Intensity | None
    kind: Support | None = None
    source: Support | None = None
    coverage: list[Coverage] = []
    sentence: str


class Strangeness(Record):
    """How far the image lies from what is known: of the known examples of which the same attack is named, the shares
    that lie nearer to other known ones, as the attack's and the source model's embeddings have it. The latter is None
    where no source model is named.
    """

    attack: float
    victim: float | None = None


class Beforehand(Record):
    """`share` of images like this one that the analyst takes to be attacked, the share `learnt` from, and the
    `posterior`: how likely this one is attacked then (`mtaa.core.prior`)."""

    share: float
    learnt: float
    posterior: float


class Ground(Record):
    """One reason to doubt, or not to doubt, that a signature survived: what was found, how, and what follows."""

    kind: Literal["OBSERVED", "DERIVED"]
    says: str
    answer: Literal["attributable", "weakened", "destroyed"]


class Attributability(Record):
    """Whether the image can still show who made it: the worst answer of all grounds. `measures`: values by name."""

    answer: Literal["attributable", "weakened", "destroyed"]
    grounds: list[Ground]
    measures: dict[str, float]


class CheckpointMark(Record):
    """Which weights spoke."""

    name: str
    weights_sha256: str
    scenario: str
    code_version: str


class Verdict(Record):
    """The whole: one image, one checkpoint.

    `attributability` is None where the checkpoint was never measured on changed images. Where it is "destroyed", what
    `inferred` ranks is what the network answers all the same, and names nobody. `inferred` is of the image alone;
    `informed` is the same with what a clean original makes certain, None where there is none or it adds nothing.
    `strangeness` is None where the checkpoint has no map of its signatures. `standing` is None where it is undecided,
    where the evidence is destroyed, and in verdicts of before. `prior` is None where the analyst gave none.
    Verdicts of version 1 are read as they are.
    """

    schema_version: Literal[1, 2] = SCHEMA_VERSION
    observed: Observed
    derived: Derived
    inferred: Inferred
    checkpoint: CheckpointMark
    attributability: Attributability | None = None
    informed: Inferred | None = None
    strangeness: Strangeness | None = None
    standing: Standing | None = None
    prior: Beforehand | None = None
    warnings: list[str] = []

    @property
    def names_nobody(self) -> bool:
        """Whether the evidence is destroyed, so that no attack, victim or strength may be read off the rankings."""
        return self.attributability is not None and self.attributability.answer == "destroyed"


class Refusal(Record):
    """An image that can't be analysed, and the one sentence that says why."""

    schema_version: Literal[1, 2] = SCHEMA_VERSION
    name: str
    sha256: str
    bytes: int
    reason: str
