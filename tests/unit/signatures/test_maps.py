"""Maps keep neighbours together, and the same points and seed give the same map."""

import numpy as np
import pytest
from pydantic import ValidationError

from mtaa.core.errors import InputError
from mtaa.signatures.maps import MAPPERS, Layout, tsne, umap
from mtaa.signatures.neighbours import nearest, vote

LAYOUT = Layout(perplexity=12, neighbours=10)


def clusters(count: int = 180) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    labels = np.arange(count) % 4
    return (random.normal(0, 6, (4, 20))[labels] + random.normal(size=(count, 20))).astype(np.float32), labels


@pytest.mark.parametrize("dimensions", [2, 3])
def test_tsne_keeps_clusters_apart_and_repeats_itself(dimensions: int) -> None:
    points, labels = clusters()
    mapped = tsne(points, dimensions, LAYOUT)
    assert mapped.shape == (180, dimensions)
    assert mapped.dtype == np.float32
    np.testing.assert_allclose(mapped.mean(0), 0, atol=1e-4)
    assert (vote(labels[nearest(mapped, None, 10)[1]]) == labels).mean() > 0.95
    assert (tsne(points, dimensions, LAYOUT) == mapped).all()
    assert (tsne(points, dimensions, LAYOUT.model_copy(update={"perplexity": 20.0})) != mapped).any()


@pytest.mark.slow
def test_umap_keeps_clusters_apart_and_repeats_itself() -> None:
    points, labels = clusters()
    mapped = umap(points, 2, LAYOUT)
    assert mapped.shape == (180, 2)
    assert (vote(labels[nearest(mapped, None, 10)[1]]) == labels).all()
    assert (umap(points, 2, LAYOUT) == mapped).all()


@pytest.mark.parametrize(("method", "what"), [("tsne", "perplexity"), ("umap", "neighbours")])
def test_more_neighbours_than_examples_are_refused(method: str, what: str) -> None:
    with pytest.raises(InputError, match=rf"{what} must be less than the number of examples, 8"):
        MAPPERS[method](np.zeros((8, 3), np.float32), 2, Layout())


@pytest.mark.parametrize("wrong", [{"perplexity": 1}, {"neighbours": 1}, {"min_dist": 1}, {"seed": -1}, {"foo": 1}])
def test_a_layout_is_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Layout(**wrong)
