"""What the records of experiments that train networks have in common. Free of torch."""

from typing import Annotated

from pydantic import Field

from mtaa.evaluation.record import Figure
from mtaa.experiments.record import ExperimentRecord, Record

Share = Annotated[float, Field(gt=0, le=1)]


class Change(Record):
    """A figure less that of the reference on the same examples, with its 95 % interval."""

    value: float
    low: float
    high: float


class LearningSettings(Record):
    """What is trained on what, and examined on what.

    scale: share of the scenario's training examples. epochs, batch: None is what is usual for the network. checkpoint:
    whose test split examines; None is the scenario's own. device: where test examples are judged; training takes the
    first GPU there is.
    """

    scenario: str = "mnist"
    checkpoint: str | None = None
    scale: Share = 1.0
    epochs: Annotated[int | None, Field(ge=1)] = None
    batch: Annotated[int | None, Field(ge=2)] = None
    seeds: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)] = (0,)
    device: str = "auto"

    @property
    def unusual(self) -> dict[str, int]:
        """What training has instead of its usual values."""
        return {name: value for name, value in (("epochs", self.epochs), ("batch", self.batch)) if value}


class LearningRow(Record):
    """What was trained from one seed, as tables name it.

    seconds: training, that of interrupted runs included.
    figures: attack_accuracy and false_alarm_rate of all and of clean examples; of adversarial ones victim_accuracy,
    intensity_rmse (the paper's, over all units), epsilon_rmse (grey levels) and kappa_rmse (logits).
    changes: the same figures less those of the reference of the same seed; empty for the reference itself.
    """

    said: str
    seed: int
    epochs: int
    parameters: int
    flops: int
    seconds: float
    figures: dict[str, Figure]
    changes: dict[str, Change]


class LearningRecord(ExperimentRecord):
    """`remark` says how large the run was. The hash of the test examples is that of the checkpoint's split, or of all
    the scenario's examples where it is its own. Intervals are over test images: what another seed would do is not in
    them."""

    remark: str
    scenario_sha256: str
    data_sha256: str
    test_sha256: str
    training_examples: int
    test_examples: int
    bootstrap_seed: int = 0
