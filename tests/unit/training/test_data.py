from pathlib import Path

import numpy as np
import pytest
import torch

from mtaa.dataset.examples import Examples
from mtaa.training.data import Data, Places, loader


@pytest.fixture
def examples(tmp_path: Path) -> Examples:
    """23 examples behind a memory map; every pixel of the n-th holds n, its original n + 100."""
    count = 23
    pixels = np.memmap(tmp_path / "pixels", np.uint8, "w+", shape=(count, 1, 8, 8))
    pixels[:] = np.arange(count)[:, None, None, None]
    return Examples(
        images=np.memmap(tmp_path / "pixels", np.uint8, "r", shape=pixels.shape),
        clean=np.asarray(pixels) + np.uint8(100),
        attack=np.arange(count) % 3,
        victim=np.arange(count) % 5,
        intensity=np.arange(count, dtype=np.float32) * 10,
        achieved=np.zeros(count, np.float32),
        reached=np.ones(count, bool),
        fooled=np.ones(count, bool),
        source=np.arange(count).astype(str),
        control=np.full(count, ""),
    )


def test_every_example_once_an_epoch_but_for_the_last_smaller_batch() -> None:
    batches = list(Places(23, 5, seed=0))
    assert [len(batch) for batch in batches] == [5] * 4 == [5] * len(Places(23, 5, seed=0))
    assert len(np.unique(np.concatenate(batches))) == 20


def test_order_follows_from_seed_and_epoch() -> None:
    def order(seed: int, epoch: int) -> list[int]:
        places = Places(23, 23, seed)
        places.set_epoch(epoch)
        return next(iter(places)).tolist()

    assert order(0, 1) == order(0, 1)
    assert order(0, 1) != order(0, 2)
    assert order(0, 1) != order(1, 1)
    assert sorted(order(0, 1)) == list(range(23))


def test_without_a_seed_all_in_order() -> None:
    places = Places(23, 5, seed=None)
    assert len(places) == 5
    assert np.concatenate(list(places)).tolist() == list(range(23))


def test_batches_hold_what_belongs_together(examples: Examples) -> None:
    seen = []
    for batch in loader(examples, 5, seed=3, pairs=True):
        place = batch["images"][:, 0, 0, 0].long()
        assert batch["images"].dtype == torch.uint8
        assert torch.equal(batch["clean"][:, 0, 0, 0].long(), place + 100)
        assert torch.equal(batch["attack"], place % 3)
        assert torch.equal(batch["victim"], place % 5)
        assert torch.equal(batch["intensity"], place.float() * 10)
        seen += place.tolist()
    assert len(set(seen)) == 20


def test_a_batch_may_be_changed_without_touching_the_examples(examples: Examples) -> None:
    for batch in loader(examples, 23, seed=None):
        batch["images"].zero_()
        batch["attack"].zero_()
    assert examples.images[22, 0, 0, 0] == 22
    assert examples.attack[22] == 1


def test_a_share_of_a_batch_is_changed_anew_each_epoch_and_labels_stay(examples: Examples) -> None:
    def epoch(share: float, number: int) -> tuple[np.ndarray, np.ndarray]:
        batches = loader(examples, 23, seed=3, share=share)
        assert isinstance(batches.sampler, Places)
        batches.sampler.set_epoch(number)
        (batch,) = batches
        assert sorted(batch["attack"].tolist()) == sorted(examples.attack.tolist())
        return batch["images"].numpy(), examples.images[np.sort(next(iter(Places(23, 23, 3))))]

    plain, kept = epoch(0.0, 0)
    assert np.array_equal(np.sort(plain, axis=0), np.sort(kept, axis=0))
    first, again, later = (epoch(1.0, number)[0] for number in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, later)
    assert (first != kept).any((1, 2, 3)).sum() > 8  # flat pictures: what blurs or scales leaves them alone
    assert np.array_equal(examples.images[:, 0, 0, 0], np.arange(23))


def test_a_batch_larger_than_the_split_is_the_split(examples: Examples) -> None:
    data = Data(examples, examples.take(np.arange(3)), batch=64, seed=0)
    assert [len(batch["attack"]) for batch in data.train_dataloader()] == [23]
    assert [len(batch["attack"]) for batch in data.val_dataloader()] == [3]
