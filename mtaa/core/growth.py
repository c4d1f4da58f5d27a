"""What a checkpoint became that started from another: what is new, how well that is told, what was forgotten for it."""

from pydantic import BaseModel, ConfigDict


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Shift(_Record):
    """One figure of the same examples before and after. `difference` is after less before, `low` to `high` its 95 %
    interval, example by example (`mtaa.evaluation.paired`)."""

    before: float
    after: float
    difference: float
    low: float
    high: float
    count: int


class Told(_Record):
    """How a new attack or source model is told: the share of its test examples named right, with its 95 % interval.

    taken_for: what the others were taken for, the commonest first, in examples. trained_on: examples of it in training.
    """

    right: float
    low: float
    high: float
    count: int
    trained_on: int
    taken_for: dict[str, int]


class Labelled(_Record):
    """Images that an analyst says show `attack`, by the SHA-256 of their files: those learnt from and those held out.

    origin: where they are from, such as `case 3`. data_sha256: of them all. right: the share of those held out that is
    named `attack`, with its 95 % interval, and taken_for what the others were taken for; None until it is measured.
    """

    attack: str
    origin: str
    data_sha256: str
    learnt: list[str]
    held_out: list[str]
    right: float | None = None
    low: float | None = None
    high: float | None = None
    taken_for: dict[str, int] = {}


class Growth(_Record):
    """`start` is the checkpoint that was started from; the hashes are of its weights and of its test examples.

    attacks, victims: what is told of new labels. figures: of all the old test examples, attack_accuracy,
    victim_accuracy and intensity_rmse of adversarial ones, false_alarm_rate of clean ones, missed_rate; by_attack:
    attack_accuracy, victim_accuracy, intensity_rmse in the attack's unit. labelled: what an analyst's images added.
    """

    start: str
    weights_sha256: str
    test_sha256: str
    replayed: int
    attacks: dict[str, Told]
    victims: dict[str, Told]
    figures: dict[str, Shift]
    by_attack: dict[str, dict[str, Shift]]
    labelled: Labelled | None = None
