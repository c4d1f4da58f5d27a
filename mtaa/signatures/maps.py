"""Points of many dimensions laid out in two or three, by seed: the same points give the same map."""

from contextlib import redirect_stdout
from typing import Any, Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from mtaa.core.errors import InputError
from mtaa.core.progress import Progress, Silent
from mtaa.signatures.atlas import Method
from mtaa.signatures.heard import Heard


class Layout(BaseModel):
    """Parameters of both methods. `perplexity` is t-SNE's (about how many neighbours a point minds); `neighbours` and
    `min_dist` are UMAP's (how local it looks; how closely it packs)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    perplexity: float = Field(default=30.0, gt=1)
    neighbours: int = Field(default=15, ge=2)
    min_dist: float = Field(default=0.1, ge=0, lt=1)
    seed: int = Field(default=0, ge=0)

    def of(self, method: Method) -> dict[str, float]:
        """What of it this method reads."""
        if method == "tsne":
            return {"perplexity": self.perplexity}
        return {"neighbours": self.neighbours, "min_dist": self.min_dist}


class Mapper(Protocol):
    def __call__(
        self, points: np.ndarray, dimensions: int, layout: Layout, progress: Progress | None = None
    ) -> np.ndarray:
        """Points (n, D) laid out as (n, dimensions) float32, centred. Raises `InputError` or `Cancelled`."""


def tsne(points: np.ndarray, dimensions: int, layout: Layout, progress: Progress | None = None) -> np.ndarray:
    """t-SNE (van der Maaten and Hinton, 2008; Barnes-Hut) of points (n, D), begun from the principal components."""
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    _enough(points, layout.perplexity, "perplexity")
    mapper = TSNE(
        dimensions,
        perplexity=layout.perplexity,
        init="pca",
        learning_rate="auto",
        random_state=layout.seed,
        verbose=2,  # what it prints is all that it tells of its progress
    )
    heard = Heard(progress or Silent(), "t-SNE", r"Iteration (\d+)", mapper.max_iter)
    # One thread sums in one order. More of them, which UMAP leaves behind whatever the environment asks for, also wait
    # for each other by spinning: on a busy machine a map then takes a hundred times as long.
    with threadpool_limits(1), redirect_stdout(heard):
        return _centred(mapper.fit_transform(points))


def umap(points: np.ndarray, dimensions: int, layout: Layout, progress: Progress | None = None) -> np.ndarray:
    """UMAP (McInnes et al., 2018) of points (n, D). The first call of a process compiles for half a minute."""
    from umap import UMAP

    _enough(points, layout.neighbours, "neighbours")
    heard = Heard(progress or Silent(), "UMAP", r"(\d+)/(\d+)")
    mapper: Any = UMAP(
        n_components=dimensions,
        n_neighbors=layout.neighbours,
        min_dist=layout.min_dist,
        random_state=layout.seed,
        n_jobs=1,  # with a seed it would take one anyway, and warn
        tqdm_kwds={"file": heard, "disable": False, "bar_format": "{n_fmt}/{total_fmt}\n"},
    )
    return _centred(mapper.fit_transform(points))


MAPPERS: dict[Method, Mapper] = {"tsne": tsne, "umap": umap}


def _enough(points: np.ndarray, asked: float, what: str) -> None:
    if asked >= len(points):
        raise InputError(f"{what} must be less than the number of examples, {len(points)}, got {asked:g}; lower it")


def _centred(mapped: np.ndarray) -> np.ndarray:
    return (mapped - mapped.mean(0)).astype(np.float32)
