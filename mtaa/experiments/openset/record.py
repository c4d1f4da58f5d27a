"""The settings of the experiment, and its record: one row a thing that the checkpoint does not know."""

from typing import Annotated, Literal

from pydantic import Field

from mtaa.evaluation.record import Figure
from mtaa.experiments.record import ExperimentRecord, Record

NAME: Literal["openset"] = "openset"
SCHEMA_VERSION = 1
Task = Literal["attack", "victim"]
Kind = Literal["attack", "architecture", "seed", "pictures", "control", "known"]


class OpensetSettings(Record):
    """`examples`: of each attack, source model and strength. `strengths`: of each attack, over its whole grid.

    strangers: architectures that the checkpoint does not know. reseeded: some that it knows, trained from another seed.
    pictures: other data sets, of which clean images are looked at; one that is not fetched is left out.
    """

    checkpoint: str = "mnist"
    examples: Annotated[int, Field(ge=1)] = 4
    strengths: Annotated[int, Field(ge=2)] = 5
    strangers: tuple[str, ...] = ("tiny_a", "tiny_b")
    reseeded: tuple[str, ...] = ("resnet18",)
    pictures: tuple[str, ...] = ("fashion_mnist",)
    seed: Annotated[int, Field(ge=0)] = 0
    device: str = "auto"


class Row(Record):
    """How one strange thing is told from known test examples by the embedding and logits of one task.

    auroc, found: by score; `found` is the share of the strange that lies above the value that 2 % of the known exceed
    of which the same attack is named, as a verdict warns by.
    called: the share that the network calls adversarial. named: how many it takes for which attack, or source model.
    standing: of how many a verdict says what (`mtaa.core.standing`), `undecided` and `destroyed` included; empty where
    verdicts are not asked.
    """

    kind: Kind
    said: str
    task: Task
    count: int
    auroc: dict[str, Figure]
    found: dict[str, Figure]
    called: Figure
    named: dict[str, int]
    standing: dict[str, int] = Field(default_factory=dict)


class OpensetRecord(ExperimentRecord):
    """Of the checkpoint's test examples one half of the source images is the reference that scores compare with, and
    `known` of the other half are what strange images must be told from.

    oscr: by task and score, the area under the rate of right answers to known examples over the rate at which strange
    ones pass (Dhamija et al. 2018); perfect is the accuracy on the known, which is `accuracy`.
    """

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["openset"] = NAME
    settings: OpensetSettings
    weights_sha256: str
    test_sha256: str
    scenario_sha256: str
    known: dict[Task, int]
    accuracy: dict[Task, Figure]
    oscr: dict[Task, dict[str, float]]
    rows: list[Row]
    absent: list[str]
