"""The settings of the experiment, and its record: one row a variant and seed. Free of torch."""

from typing import Any, Literal

from mtaa.experiments.ablation.paper import TABLES, PaperTable
from mtaa.experiments.learning import LearningRecord, LearningRow, LearningSettings, Share

NAME: Literal["ablation"] = "ablation"
SCHEMA_VERSION = 1
Name = Literal["ablation", "table13", "table14"]
Series = Literal["ours", "table13", "table14"]


class AblationSettings(LearningSettings):
    """series: `ours` are the parts of the network `forensic`, the others the rows of the paper's table. variants: only
    these of it beside the reference. width: share of `forensic`'s channels."""

    series: Series = "ours"
    variants: list[str] | None = None
    width: Share = 1.0

    @property
    def experiment(self) -> Name:
        """Whose record it is."""
        return NAME if self.series == "ours" else self.series

    @property
    def printed(self) -> PaperTable:
        """What the paper has: of our own parts, those that it has too."""
        return TABLES["table13" if self.series == "ours" else self.series]


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
    experiment: Name
    settings: AblationSettings
    reference: str
    rows: list[Row]
    paper: PaperTable
