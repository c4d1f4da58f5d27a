"""The record of a checkpoint's reference set: embeddings, maps, labels, and what they were made with. Numpy alone."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from mtaa.signatures import space
from mtaa.signatures.space import HEADS, Head

Method = Literal["tsne", "umap"]
Figures = dict[str, float | None]
METHODS: tuple[Method, ...] = ("tsne", "umap")
SCHEMA_VERSION = 1


class About(BaseModel):
    """How an atlas was made. `quality` holds figures by head and by map, under the names of `quality.measure`.

    `neighbours` is the number of nearest examples that a new image is placed by, and that `own` and the figures rest
    on; `sample` how many examples the figures were measured on; `methods` the parameters of each mapping method.
    """

    model_config = ConfigDict(extra="forbid")

    schema_version: int = SCHEMA_VERSION
    weights_sha256: str
    test_sha256: str
    attacks: list[str]
    victims: list[str]
    neighbours: int
    sample: int
    seed: int
    methods: dict[Method, dict[str, float]]
    libraries: dict[str, str]
    quality: dict[str, Figures]


@dataclass(frozen=True)
class Atlas:
    """n reference examples in the order of the test split.

    attack, victim: (n,) int16, places in the label lists of `about`; said_attack, said_victim alike, by the network.
    intensity, said_intensity: (n,) float32, in the attack's unit; 0 where the truth is clean. source: (n,) str.
    embeddings: by "attack" and "victim", (n, D) float16, standardised by centre and spread (D,) float32.
    own: by head, (n,) float32, each example's mean distance to its nearest others in `points(head)`.
    maps: by `map_name`, (n, 2) or (n, 3) float32.
    """

    about: About
    attack: np.ndarray
    victim: np.ndarray
    intensity: np.ndarray
    said_attack: np.ndarray
    said_victim: np.ndarray
    said_intensity: np.ndarray
    source: np.ndarray
    embeddings: dict[str, np.ndarray]
    centre: dict[str, np.ndarray]
    spread: dict[str, np.ndarray]
    own: dict[str, np.ndarray]
    maps: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.attack)

    def points(self, head: Head) -> np.ndarray:
        """The reference embeddings as neighbours are searched in them: float32 (n, D)."""
        return space.join(self.embeddings["attack"], self.embeddings["victim"], head)

    def locate(self, attack: np.ndarray, victim: np.ndarray, head: Head) -> np.ndarray:
        """Raw embeddings (m, Da) and (m, Dv) of new images in the same space: float32 (m, D)."""
        raw = {"attack": attack, "victim": victim}
        standard = {name: space.standardise(raw[name], self.centre[name], self.spread[name]) for name in raw}
        return space.join(standard["attack"], standard["victim"], head)

    def methods(self) -> list[Method]:
        """The methods that there are maps of."""
        return [method for method in METHODS if method in self.about.methods]


def map_name(method: Method, dimensions: int, head: Head) -> str:
    """The name a map is stored under."""
    return f"{method}-{dimensions}-{head}"


def names(methods: list[Method]) -> list[tuple[Method, int, Head]]:
    """All maps of these methods."""
    return [(method, dimensions, head) for method in methods for dimensions in (2, 3) for head in HEADS]


def shape_fault(atlas: Atlas) -> str:
    """What does not fit together, in words; empty where all does."""
    rows: dict[str, Any] = {name: getattr(atlas, name) for name in ("victim", "intensity", "said_attack", "source")}
    rows |= {f"embedding of {name}": values for name, values in atlas.embeddings.items()}
    rows |= {f"distances of {name}": values for name, values in atlas.own.items()}
    rows |= {f"map {name}": values for name, values in atlas.maps.items()}
    fault = next((name for name, values in rows.items() if len(values) != len(atlas)), "")
    return f"{fault} has {len(rows[fault])} rows for {len(atlas)} examples" if fault else ""
