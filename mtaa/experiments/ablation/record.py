"""The settings of the experiment, and its record: one row a variant and seed. Free of torch."""

from typing import Any, Literal

from mtaa.experiments.ablation.paper import TABLE_13, PaperTable
from mtaa.experiments.learning import LearningRecord, LearningRow, LearningSettings, Share

NAME: Literal["ablation"] = "ablation"
SCHEMA_VERSION = 1
Series = Literal["ours", "paper"]


class AblationSettings(LearningSettings):
    """series: `ours` are the parts of the network `forensic`, `paper` the rows of Table 13. variants: only these of it
    beside the reference. width: share of `forensic`'s channels."""

    series: Series = "ours"
    variants: list[str] | None = None
    width: Share = 1.0


class Row(LearningRow):
    """One variant. paper: what the paper has for its change, by figure; empty where it has none."""

    variant: str
    network: dict[str, Any]
    training: dict[str, Any]
    weights_sha256: str
    paper: dict[str, float]


class AblationRecord(LearningRecord):
    """`reference` is the variant that changes are against."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["ablation"] = NAME
    settings: AblationSettings
    reference: str
    rows: list[Row]
    paper: PaperTable = TABLE_13
