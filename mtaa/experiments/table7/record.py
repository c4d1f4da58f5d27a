"""The settings of the experiment, and its record: one row a model and seed. Free of torch."""

from typing import Any, Literal

from mtaa.experiments.learning import LearningRecord, LearningRow, LearningSettings
from mtaa.experiments.record import Record

NAME: Literal["table7"] = "table7"
SCHEMA_VERSION = 1


class Table7Settings(LearningSettings):
    """backbone: of the single-task networks and of the paper's MTAA."""

    backbone: Literal["resnet18", "resnet50", "resnet101"] = "resnet18"


class Row(LearningRow):
    """One model; `single` is three networks, and its cost theirs together. Changes are against these.

    delta_mtl: eq. 15 over accuracy of the attack, of the source model, and RMSE of the intensity; a share.
    networks: by task, or `all`, what was trained.
    """

    model: Literal["single", "paper", "ours"]
    networks: dict[str, dict[str, Any]]
    weights_sha256: dict[str, str]
    delta_mtl: float


class PaperRow(Record):
    """One row of the paper's table: GFLOPs and million parameters where it has them, accuracies as shares."""

    said: str
    gflops: float | None
    millions: float | None
    attack_accuracy: float
    victim_accuracy: float
    intensity_rmse: float
    delta_mtl: float | None


PAPER_SOURCE = "Guo et al., arXiv 2302.14059, Table 7 (MNIST)"
PAPER = (
    PaperRow(
        said="single task, self-built [21]",
        gflops=None,
        millions=None,
        attack_accuracy=0.9536,
        victim_accuracy=0.9347,
        intensity_rmse=9.64,
        delta_mtl=None,
    ),
    PaperRow(
        said="single task, ResNet50 [22]",
        gflops=0.97,
        millions=71,
        attack_accuracy=1,
        victim_accuracy=0.9981,
        intensity_rmse=6.46,
        delta_mtl=None,
    ),
    PaperRow(
        said="MTAA, ResNet50",
        gflops=0.77,
        millions=48,
        attack_accuracy=1,
        victim_accuracy=0.9988,
        intensity_rmse=6.04,
        delta_mtl=0.0117,  # as printed; eq. 15 on the same figures gives 0.0219
    ),
)


class Table7Record(LearningRecord):
    """Beside our rows the paper's."""

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["table7"] = NAME
    settings: Table7Settings
    rows: list[Row]
    paper_source: str = PAPER_SOURCE
    paper: tuple[PaperRow, ...] = PAPER
