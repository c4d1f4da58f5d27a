"""What a job is asked to do, and what is told of it. Light: neither torch nor the job engine is needed."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from mtaa.core.growth import Labelled
from mtaa.scenario.record import Scenario

Stage = Literal["validate", "victims", "generate", "train", "evaluate", "map", "register"]
STAGES: tuple[Stage, ...] = ("validate", "victims", "generate", "train", "evaluate", "map", "register")
State = Literal["queued", "running", "done", "failed", "paused", "cancelled"]
StageState = Literal["waiting", "queued", "running", "done", "failed", "stopped"]
ACTIVE: tuple[State, ...] = ("queued", "running")
Device = Literal["auto", "cpu", "cuda"]  # which of several GPUs is the worker's affair


class JobRequest(BaseModel):
    """A retraining: the attribution scenario, what is trained on it, and the name its checkpoint will have.

    start: the checkpoint whose weights it starts from; its labels are known to the new one too. shots: examples of each
    new attack and victim; with them `scenario` is that of the checkpoint with little beside it
    (`mtaa.scenario.growth.few_shot`), and only what is new is learnt. None trains on the whole scenario.
    labelled: an analyst's images of one of the new attacks, learnt from beside the `shots`.
    epochs: None is the network's usual number. replace: an existing checkpoint of that name may be replaced.
    asked_by: who started the job, for the list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: Scenario
    checkpoint: str
    network: str = "forensic"
    start: str = ""
    shots: Annotated[int, Field(ge=20, le=100_000)] | None = None
    labelled: Labelled | None = None
    epochs: Annotated[int, Field(ge=1, le=10_000)] | None = None
    seed: Annotated[int, Field(ge=0)] = 0
    description: str = ""
    replace: bool = False
    device: Device = "auto"
    asked_by: str = ""


class Progress(BaseModel):
    """How far the work in hand is: `done` of `total` `unit`, at `rate` units a second; `first` were there before.

    `seconds_left` is None until there is a rate to judge by.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str
    unit: str
    done: float
    total: float
    first: float = 0.0
    rate: float = 0.0
    seconds_left: float | None = None
    message: str = ""


class StageView(BaseModel):
    """One stage: how many of its pieces (a victim, a batch of shards, or the whole) are done, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Stage
    state: StageState
    done: int = 0
    total: int = 0
    began: datetime | None = None
    ended: datetime | None = None


class Job(BaseModel):
    """A job as it stands. `stage` is the one at work or where it stopped; `workers` are those at work on it.

    A job whose worker has died is `queued` until another takes it over. `error` is one sentence, empty unless failed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    request: JobRequest
    state: State
    stage: Stage
    stages: list[StageView]
    progress: Progress | None = None
    error: str = ""
    workers: list[str] = []
    created: datetime
    ended: datetime | None = None


class Worker(BaseModel):
    """A worker process and when it was last heard of; it is `alive` where that was seconds ago."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    host: str
    process: int
    device: str
    seconds_since: float
    alive: bool


Curves = list[dict[str, Any]]
