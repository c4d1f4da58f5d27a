"""The settings of the experiment, and its record: one row an attack and mode."""

from typing import Annotated, Literal

from pydantic import Field

from mtaa.core.countercheck import Mode
from mtaa.evaluation.record import Figure
from mtaa.experiments.record import ExperimentRecord, Record

NAME: Literal["reattack"] = "reattack"
SCHEMA_VERSION = 1
MODES: tuple[Mode, ...] = ("reference", "blind")


class ReattackSettings(Record):
    """`images`: examples of each attack on each source model; `more`: another number for one attack."""

    checkpoint: str = "mnist"
    images: Annotated[int, Field(ge=1)] = 5
    more: Annotated[dict[str, Annotated[int, Field(ge=1)]], Field(default_factory=dict)]
    seed: Annotated[int, Field(ge=0)] = 0
    device: str = "auto"


class Row(Record):
    """What the check says of examples of one attack, from the clean original or from an estimate of it.

    first: the true source model agrees best of all. decided: it or another leads the rest by `lead`, and
    from the original reaches `near`. right: of those
    decided, the true one does. verdict: the network alone names the true one, on the same images. correlation, other:
    means for the true source model, and for the best of the others.
    """

    attack: str
    mode: Mode
    first: Figure
    decided: Figure
    right: Figure | None
    verdict: Figure
    correlation: float
    other: float


class Original(Record):
    """Of examples of one attack: how often a reference is doubted that is the `true` original, the `other` picture that
    another example was made from, or the true one `shifted` by a pixel."""

    attack: str
    given: Literal["true", "other", "shifted"]
    doubted: Figure


class ReattackRecord(ExperimentRecord):
    """Strengths are those a verdict would give; ε is the true largest difference where the original is known."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["reattack"] = NAME
    settings: ReattackSettings
    weights_sha256: str
    test_sha256: str
    estimator_sha256: str
    victims_sha256: dict[str, str]
    lead: float
    near: float = 0.0  # of records before there was such a bound
    rows: list[Row]
    originals: list[Original]
