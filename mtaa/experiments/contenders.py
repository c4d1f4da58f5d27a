"""The networks that the paper's tables set side by side, and how each is trained. Free of torch."""

from typing import Any

from mtaa.experiments.learning import LearningSettings
from mtaa.models.config import NetworkConfig, preset
from mtaa.training.config import TASKS, Task, TrainingConfig, default

SELF_BUILT = "cnn11"
OURS = "forensic"
SHARED = "papers"  # one folder for all these tables: what two of them ask for is trained once


def bare(backbone: str) -> NetworkConfig:
    """The backbone with heads alone, as networks for one task or one label have it; ours keeps its histograms."""
    if backbone == OURS:
        return NetworkConfig.model_validate({**preset(OURS).model_dump(), "branches": False})
    return NetworkConfig(backbone=backbone, branches=False, fusion=False, extractor=False)


def whole(backbone: str) -> NetworkConfig:
    """The network for three tasks: the paper's MTAA on a ResNet, or ours."""
    return preset(backbone if backbone == OURS else f"mtaa-paper-{backbone}")


def training(backbone: str, settings: LearningSettings, seed: int, *tasks: Task) -> TrainingConfig:
    """For `tasks`, by default all three; one alone needs no weighting. The paper's settings, but for our network."""
    changes: dict[str, Any] = {**settings.unusual, "seed": seed, "tasks": tasks or TASKS}
    if len(changes["tasks"]) == 1:
        changes["weighting"] = "sum"
    return default(OURS if backbone == OURS else "mtaa-paper-resnet50").model_copy(update=changes)
