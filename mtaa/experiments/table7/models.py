"""The models of the comparison: which networks each has, and what each of these learns. Free of torch."""

from dataclasses import dataclass
from typing import Literal

from mtaa.experiments.table7.record import Table7Settings
from mtaa.models.config import NetworkConfig, preset
from mtaa.training.config import TASKS, Task, TrainingConfig, default

ALL: Literal["all"] = "all"
Key = Task | Literal["all"]


@dataclass(frozen=True)
class Model:
    """`networks` by the task each is asked for; `all` answers all three."""

    name: Literal["single", "paper", "ours"]
    said: str
    networks: dict[Key, tuple[NetworkConfig, TrainingConfig]]


def models(settings: Table7Settings) -> list[Model]:
    """The baseline first. A single-task network is the bare backbone: what the paper adds is for several tasks."""
    paper, title = f"mtaa-paper-{settings.backbone}", settings.backbone.replace("resnet", "ResNet")
    bare = NetworkConfig(backbone=settings.backbone, branches=False, fusion=False, extractor=False)
    theirs, mine = (default(name).model_copy(update=settings.unusual) for name in (paper, "forensic"))
    alone: dict[Key, tuple[NetworkConfig, TrainingConfig]] = {
        task: (bare, theirs.model_copy(update={"tasks": (task,), "weighting": "sum"})) for task in TASKS
    }
    return [
        Model("single", f"single task, three {title}", alone),
        Model("paper", f"MTAA, {title}", {ALL: (preset(paper), theirs)}),
        Model("ours", "ours, the network forensic", {ALL: (preset("forensic"), mine)}),
    ]
