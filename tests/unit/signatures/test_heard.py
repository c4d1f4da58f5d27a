"""What t-SNE and UMAP print becomes progress, and a wish to stop ends them."""

import numpy as np
import pytest

from mtaa.core.errors import Cancelled
from mtaa.signatures.heard import Heard
from mtaa.signatures.maps import Layout, tsne, umap


class Counting:
    """Progress that remembers, and asks to stop after `patience` steps."""

    def __init__(self, patience: int = 10**9):
        self.total, self.done, self.patience = 0, 0, patience

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        self.total, self.done = total, done

    def advance(self, amount: int = 1, message: str = "") -> None:
        assert amount > 0
        self.done += amount

    def finish(self) -> None:
        pass

    def raise_if_cancelled(self) -> None:
        if self.done >= self.patience:
            raise Cancelled("asked to stop")


def points() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(60, 6)).astype(np.float32)


def test_steps_are_read_off_lines() -> None:
    progress = Counting()
    heard = Heard(progress, "UMAP", r"(\d+)/(\d+)")
    for text in ("nothing", "0/200\n", "40/200\n", "40/200\n", "90/200\n"):
        assert heard.write(text) == len(text)
    assert (progress.done, progress.total) == (90, 200)


def test_tsne_tells_its_steps_and_gives_the_same_map(capsys: pytest.CaptureFixture[str]) -> None:
    progress, layout = Counting(), Layout(perplexity=8)
    mapped = tsne(points(), 2, layout, progress)
    assert progress.total == 1000
    assert 250 <= progress.done <= 1000
    assert (tsne(points(), 2, layout) == mapped).all()
    assert capsys.readouterr().out == ""


def test_tsne_stops_when_asked() -> None:
    progress = Counting(patience=100)
    with pytest.raises(Cancelled):
        tsne(points(), 2, Layout(perplexity=8), progress)
    assert progress.done < 200


@pytest.mark.slow
def test_umap_tells_its_steps_and_stops_when_asked() -> None:
    progress = Counting()
    umap(points(), 2, Layout(neighbours=8), progress)
    assert progress.total == 500
    assert progress.done > 250
    with pytest.raises(Cancelled):
        umap(points(), 2, Layout(neighbours=8), Counting(patience=1))
