import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtaa.core.errors import Cancelled, IntegrityError
from mtaa.jobs import telling
from mtaa.jobs.failing import sentence
from mtaa.jobs.record import Progress
from mtaa.jobs.telling import Telling


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The handler that was there before."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_others_read_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "WRITE_SECONDS", 0.0)
    path = tmp_path / "progress" / "train.0.json"
    told = Telling(path)
    told.start("training", 10, "batches", done=4)
    told.advance(3, "epoch 1 of 2")
    said = Progress.model_validate_json(path.read_text())
    assert (said.task, said.done, said.total, said.first, said.unit) == ("training", 7, 10, 4, "batches")
    assert said.message == "epoch 1 of 2"
    assert said.rate > 0
    assert said.seconds_left == pytest.approx(3 / said.rate)


def test_asked_to_stop_it_stops_between_batches(tmp_path: Path) -> None:
    told = Telling(tmp_path / "train.0.json")
    told.raise_if_cancelled()
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Cancelled):
        told.raise_if_cancelled()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (IntegrityError("a shard\nis broken"), "a shard is broken"),
        (OSError(28, "No space left on device"), "must have room, got a full one"),
        (RuntimeError("I/O error: No space left on device (os error 28)"), "must have room, got a full one"),
        (MemoryError(), "memory must suffice for stage train"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "memory must suffice for stage train"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "memory must suffice for stage train"),
        (ValueError("odd"), "stage train failed unexpectedly (ValueError: odd)"),
    ],
)
def test_a_failure_is_one_sentence(error: Exception, said: str) -> None:
    assert said in sentence(error, "train")
    assert "\n" not in sentence(error, "train")


def test_a_failure_that_came_of_another_is_told_by_the_first() -> None:
    def written() -> None:
        try:
            raise MemoryError
        finally:
            raise RuntimeError("unexpected pos 64 vs 0")  # torch's writer, as it is left

    with pytest.raises(RuntimeError) as caught:
        written()
    assert sentence(caught.value, "train").startswith("memory must suffice for stage train")
