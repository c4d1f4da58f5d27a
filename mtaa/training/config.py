"""How a network is trained. Free of torch at import."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from mtaa.core import device as devices

Task = Literal["attack", "victim", "intensity"]
TASKS: tuple[Task, ...] = ("attack", "victim", "intensity")


class TrainingConfig(BaseModel):
    """The paper trains by Adam at 1e-3 with weight decay 1e-3, cosine annealing and batches of 64 (§4.1).

    weighting: `uncertainty` is eq. 14, `sum` adds the losses (the ablation's first row).
    tasks: what is learnt; one alone is the single-task baseline of Table 7, whose other heads know nothing.
    warm_up: share of all steps in which the learning rate rises from 0.
    average: decay of a moving average of the weights, which is then what is kept; 0 keeps the weights themselves.
    changed: share of the training examples that are re-saved or changed before each use, as on the way to an analyst.
    patience: epochs without a better validation loss until training stops; 0 never stops early.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    epochs: Annotated[int, Field(ge=1, le=10_000)] = 30
    batch: Annotated[int, Field(ge=2, le=65_536)] = 64
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 1e-3
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 1e-3
    optimiser: Literal["adam", "adamw"] = "adam"
    warm_up: Annotated[float, Field(ge=0, lt=1)] = 0.0
    weighting: Literal["uncertainty", "sum"] = "uncertainty"
    tasks: Annotated[tuple[Task, ...], Field(min_length=1)] = TASKS
    intensity_loss: Literal["squared", "huber"] = "squared"
    precision: Literal["32-true", "bf16-mixed"] = "bf16-mixed"
    average: Annotated[float, Field(ge=0, lt=1)] = 0.0
    changed: Annotated[float, Field(ge=0, le=1)] = 0.0
    patience: Annotated[int, Field(ge=0)] = 0
    extractor_epochs: Annotated[int, Field(ge=1)] = 5
    seed: Annotated[int, Field(ge=0)] = 0


class Growing(BaseModel):
    """How a network that was given more labels learns them from few examples, beside replayed examples of the known.

    First the heads alone: `head_steps` at `head_rate` on embeddings of the frozen network, a batch holding all attacks
    alike. Then all of it for `epochs` at `learning_rate`, in which a new example counts up to `repeats` times; with 0
    epochs the rest stays as it was, which takes seconds and was no worse. most: known examples that are replayed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    head_steps: Annotated[int, Field(ge=1, le=100_000)] = 400
    head_rate: Annotated[float, Field(gt=0, le=1)] = 1e-2
    epochs: Annotated[int, Field(ge=0, le=10_000)] = 0
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 2e-4
    repeats: Annotated[int, Field(ge=1, le=1000)] = 8
    most: Annotated[int, Field(ge=1)] = 4000
    seed: Annotated[int, Field(ge=0)] = 0


FORENSIC = TrainingConfig(
    learning_rate=2e-3,
    weight_decay=0.02,
    optimiser="adamw",
    warm_up=0.1,
    intensity_loss="huber",
    average=0.995,
    changed=0.3,
)


def default(network: str) -> TrainingConfig:
    """The settings a network preset was tuned with (the paper's for the paper's), in arithmetic this machine has."""
    tuned = FORENSIC if network == "forensic" else TrainingConfig()
    return tuned if devices.has_bfloat16(devices.pick()) else tuned.model_copy(update={"precision": "32-true"})
