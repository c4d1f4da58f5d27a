"""The settings of the experiment, and its record: the map, and how pure its neighbourhoods are. Free of torch."""

from typing import Literal

from mtaa.evaluation.record import Figure
from mtaa.experiments.learning import LearningRecord, LearningSettings
from mtaa.experiments.record import Record

NAME: Literal["figure2"] = "figure2"
SCHEMA_VERSION = 1
NEIGHBOURS = 10


class Figure2Settings(LearningSettings):
    """backbone: of the classifier. One network and one map, from the first of `seeds`."""

    backbone: str = "resnet50"
    perplexity: float = 30.0


class Row(Record):
    """A class on the map. own: the share of its points' nearest neighbours that are of it; next: what most of the
    others are of, which is empty where there are none, and their share."""

    attack: str
    victim: str
    count: int
    own: float
    next: str
    next_share: float


class Figure2Record(LearningRecord):
    """Labels of points are places in `attacks` and `victims`.

    accuracy: of the classifier. attack_knn, victim_knn: how often most of a point's nearest neighbours on the map share
    its attack, its source model. trust: from 0 to 1, how far neighbours on the map are neighbours among the logits.
    """

    schema_version: int = SCHEMA_VERSION
    experiment: Literal["figure2"] = NAME
    settings: Figure2Settings
    weights_sha256: str
    attacks: list[str]
    victims: list[str]
    points: list[tuple[float, float]]
    attack: list[int]
    victim: list[int]
    accuracy: Figure
    attack_knn: Figure
    victim_knn: Figure
    trust: float
    rows: list[Row]
