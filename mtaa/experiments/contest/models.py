"""The models of the comparison: which networks each has, and what each of these learns. Free of torch."""

from dataclasses import dataclass
from typing import Literal

from mtaa.core.errors import UnknownNameError
from mtaa.core.titles import title
from mtaa.experiments import contenders
from mtaa.experiments.contenders import OURS, SELF_BUILT
from mtaa.experiments.contest.record import ContestSettings
from mtaa.models.config import NetworkConfig
from mtaa.training.config import TASKS, Task, TrainingConfig

ALL: Literal["all"] = "all"
Key = Task | Literal["all"]
BACKBONES = {
    "table7": ("resnet50",),
    "table8": ("resnet50", "resnet101"),
    "table11": ("resnet50",),
    "table12": ("resnet101",),
}


@dataclass(frozen=True)
class Model:
    """`networks` by the task each is asked for, `all` answering three; `against` is the model it is held against."""

    name: str
    said: str
    networks: dict[Key, tuple[NetworkConfig, TrainingConfig]]
    against: str = ""


def models(settings: ContestSettings, seed: int) -> list[Model]:
    """Each after what it is held against: the same backbone, three times, once a task.

    Raises `UnknownNameError` where one of `settings.models` is none.
    """
    found = [_alone(SELF_BUILT, "three self-built of 11 layers [21]", settings, seed)]
    for backbone in settings.backbones or BACKBONES[settings.table]:
        found.append(_alone(backbone, f"three {title(backbone)}", settings, seed))
        found.append(_together(backbone, f"MTAA, {title(backbone)}", settings, seed))
    found.append(_alone(OURS, "three of ours", settings, seed))
    found.append(_together(OURS, "ours, the network forensic", settings, seed))
    known = [model.name for model in found]
    for name in settings.models or ():
        if name not in known:
            raise UnknownNameError("model", name, known)
    wanted = settings.models or known
    wanted = wanted + [model.against for model in found if model.name in wanted]
    return [model for model in found if model.name in wanted]


def _alone(backbone: str, said: str, settings: ContestSettings, seed: int) -> Model:
    config = contenders.bare(backbone)
    networks: dict[Key, tuple[NetworkConfig, TrainingConfig]] = {
        task: (config, contenders.training(backbone, settings, seed, task)) for task in TASKS
    }
    return Model(f"single-{backbone}", f"single task, {said}", networks)


def _together(backbone: str, said: str, settings: ContestSettings, seed: int) -> Model:
    training = contenders.training(backbone, settings, seed)
    return Model(f"multi-{backbone}", said, {ALL: (contenders.whole(backbone), training)}, f"single-{backbone}")
