"""The settings of the experiment, and its record: one row a change and strength."""

from typing import Annotated, Literal

from pydantic import Field

from mtaa.core.survival import Marks, Survival, Survived
from mtaa.evaluation.record import Figure
from mtaa.experiments.record import ExperimentRecord, Record

NAME: Literal["survival"] = "survival"
SCHEMA_VERSION = 1
# What an image is marked by, as a table's columns are called.
MARKS = {
    "jpeg_ghost": "JPEG ghost",
    "jpeg_earlier": "an earlier one",
    "jpeg_displaced": "displaced blocks",
    "fine_share": "smooth",
    "narrow_levels": "narrow levels",
    "bit_depth": "fewer bits",
}


class SurvivalSettings(Record):
    """`scale`: share of the test examples. `keep`: the card is given the figures, for the verdicts to come."""

    checkpoint: str = "mnist"
    scale: Annotated[float, Field(gt=0, le=1)] = 1.0
    keep: bool = False
    seed: Annotated[int, Field(ge=0)] = 0
    device: str = "auto"


class Row(Record):
    """What is read of the test examples after one change.

    figures: attack_accuracy of all examples; victim_accuracy, epsilon_rmse (grey levels), kappa_rmse (logits) of
    adversarial ones; false_alarm_rate of clean ones. by_attack: attack accuracy by true attack. fine_share: their
    median. marked: the share of them that carry each mark of `mtaa.images.history` and `mtaa.images.jpegs`.
    """

    change: str
    strength: float
    said: str
    fine_share: float
    figures: dict[str, Figure]
    by_attack: dict[str, Figure]
    marked: dict[str, Figure]


class SurvivalRecord(ExperimentRecord):
    """Of the marks, values were chosen on the unchanged examples of one half of the source images, all shares of marked
    images are of the other half."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["survival"] = NAME
    settings: SurvivalSettings
    weights_sha256: str
    test_sha256: str
    scenario_sha256: str
    marks: Marks
    unchanged: Row
    rows: list[Row]

    @property
    def survival(self) -> Survival:
        """What the card keeps of it."""
        return Survival(
            weights_sha256=self.weights_sha256,
            test_sha256=self.test_sha256,
            unchanged=_survived(self.unchanged),
            changed=[_survived(row) for row in self.rows],
            marks=self.marks,
        )


def _survived(row: Row) -> Survived:
    attack, victim = row.figures["attack_accuracy"], row.figures["victim_accuracy"]
    return Survived(
        change=row.change,
        strength=row.strength,
        attack=attack.value,
        attack_low=attack.low,
        attack_high=attack.high,
        victim=victim.value,
        victim_low=victim.low,
        victim_high=victim.high,
        smooth=row.marked["fine_share"].value,
        fine_share=row.fine_share,
        false_alarms=row.figures["false_alarm_rate"].value if "false_alarm_rate" in row.figures else None,
    )
