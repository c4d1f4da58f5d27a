"""The settings of the experiment, and its record: one row a maker, attack, victim and population."""

from typing import Annotated, Literal

from pydantic import Field

from mtaa.bench.record import AttackName
from mtaa.experiments.record import ExperimentRecord, Record

NAME: Literal["faithfulness"] = "faithfulness"
SCHEMA_VERSION = 1
ALL = "all"
Share = Annotated[float, Field(gt=0, le=1)]
Population = Literal["all", "reached"]
Verdict = Literal["met", "missed", "undecided"]

# How much worse than our own examples a toolbox's may be read: 1 point of accuracy, 0.5 grey levels of ε.
TARGETS = {"attack_accuracy": 0.01, "victim_accuracy": 0.01, "epsilon_rmse": 0.5}


class FaithfulnessSettings(Record):
    """What is attacked and by whom; None is all there are.

    scale: share of the test examples of every attack and victim, spread over its intensities.
    shares: of those, the share that one toolbox is given for one attack, by `toolbox:attack`.
    """

    checkpoint: str = "mnist"
    scale: Share = 1.0
    shares: dict[str, Share] = Field(default_factory=dict)
    attacks: list[str] | None = None
    victims: list[str] | None = None
    peers: list[str] | None = None
    seed: Annotated[int, Field(ge=0)] = 0
    device: str = "auto"


class Compared(Record):
    """A figure of a maker's examples with its interval and floor, and its difference to `own` on the same examples."""

    value: float
    low: float
    high: float
    count: int
    floor: float | None
    own: float
    difference: float
    difference_low: float
    difference_high: float


class Row(Record):
    """One maker, with one attack or all, on one victim or all.

    population: `reached` are those examples that show their ε after rounding, or have margin κ before it, both the
    maker's and our own; there is no such row where every example does.
    figures: attack_accuracy, victim_accuracy; epsilon_rmse (grey levels), kappa_rmse (logits) against what was asked
    for; margin_rmse, of the predicted κ against the margin that the image has; fooled, reached.
    equal_pixels: share of pixels that equal those of our own float32 example; of those, equal_flat is of pixels amid
    9 × 9 of one grey level, equal_elsewhere of all others, None where there is none. (In flat areas max-pooling meets
    ties, mathematically equal values, and the last bit decides which pixel gets the gradient.)
    unchanged: share of images that equal the clean one.
    verdicts: `met` where the interval of the difference leaves no room for more than the target, `missed` where it
    leaves room for nothing else, `undecided` between. κ has no target: it does not mean the same in every toolbox.
    """

    maker: str
    attack: str
    victim: str
    population: Population
    count: int
    figures: dict[str, Compared]
    equal_pixels: float
    equal_flat: float | None
    equal_elsewhere: float | None
    unchanged: float
    verdicts: dict[str, Verdict]


class Part(Record):
    """One stored piece of work, and the SHA-256 of all that it depends on."""

    maker: str
    attack: AttackName
    victim: str
    examples: int
    seconds: float
    depends_sha256: str


class FaithfulnessRecord(ExperimentRecord):
    """`notes` are what is known of a toolbox, by attack, that its figures must be read with."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["faithfulness"] = NAME
    settings: FaithfulnessSettings
    weights_sha256: str
    test_sha256: str
    scenario_sha256: str
    victims_sha256: dict[str, str]
    engine_sha256: str
    bootstrap_seed: int = 0
    targets: dict[str, float] = TARGETS
    notes: dict[str, dict[AttackName, str]]
    parts: list[Part]
    rows: list[Row]
