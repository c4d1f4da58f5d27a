"""The settings of the experiment, and its record: one row a model and seed. Free of torch."""

from typing import Any, Literal

from mtaa.experiments.contest.paper import PaperRow
from mtaa.experiments.learning import LearningRecord, LearningRow, LearningSettings

SCHEMA_VERSION = 1
Name = Literal["table7", "table8", "table11", "table12"]


class ContestSettings(LearningSettings):
    """table: whose question is asked. backbones: of single tasks and of the paper's MTAA, the paper's own by default.
    models: only these and what they are held against."""

    table: Name = "table7"
    backbones: tuple[Literal["resnet18", "resnet50", "resnet101"], ...] = ()
    models: list[str] | None = None

    @property
    def has_clean(self) -> bool:
        """Whether clean images are among the examples."""
        return self.table in ("table11", "table12")


class Row(LearningRow):
    """One model; of several networks its cost is theirs together.

    against: the model of one network a task that it is held against, empty for such a one; changes are from that.
    delta_mtl: eq. 15 over accuracy of the attack, of the source model, and RMSE of the intensity; a share, and None
    where there is nothing to hold it against. networks: by task, or `all`, what was trained.
    """

    model: str
    against: str
    networks: dict[str, dict[str, Any]]
    weights_sha256: dict[str, str]
    delta_mtl: float | None


class ContestRecord(LearningRecord):
    """Beside our rows the paper's."""

    schema_version: int = SCHEMA_VERSION
    experiment: Name
    settings: ContestSettings
    rows: list[Row]
    paper: tuple[PaperRow, ...]
