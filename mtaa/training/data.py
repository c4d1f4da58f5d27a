"""Batches of examples, fetched whole: pixels stay bytes until they are on the device."""

from collections.abc import Iterator

import numpy as np
import torch
from lightning import LightningDataModule
from torch.utils.data import DataLoader, Dataset, Sampler

from mtaa.core import seeds
from mtaa.dataset.examples import Examples
from mtaa.training import ranks
from mtaa.training.changes import changed
from mtaa.training.ranks import Place

Batch = dict[str, torch.Tensor]


class ExampleBatches(Dataset[Batch]):
    """A data set whose items are batches: it is indexed by an array of places.

    `share` of the images are changed, differently in every batch that they come to be in.
    """

    def __init__(self, examples: Examples, pairs: bool = False, share: float = 0.0, seed: int = 0):
        self.examples, self.pairs, self.share, self.seed = examples, pairs, share, seed

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, places: np.ndarray) -> Batch:
        ordered = np.sort(places)  # memory maps are read faster in order, and the order within a batch is free
        taken = self.examples
        images = np.array(taken.images[ordered])
        if self.share:
            images = changed(images, self.share, seeds.derive("changes", self.seed, places.tolist()))
        batch = {
            "images": torch.from_numpy(images),
            "attack": torch.from_numpy(taken.attack[ordered]),
            "victim": torch.from_numpy(taken.victim[ordered]),
            "intensity": torch.from_numpy(taken.intensity[ordered]),
        }
        if self.pairs:
            batch["clean"] = torch.from_numpy(np.array(taken.clean[ordered]))
        taken.forget()
        return batch


class Places(Sampler[np.ndarray]):
    """Arrays of places: all of them once an epoch, shuffled by seed and epoch, or in order.

    Several processes go through one and the same order; of each batch, every one of them has its own part. A last batch
    smaller than the number of processes leaves some an empty part, for all must take the same number of steps.
    """

    def __init__(self, count: int, batch: int, seed: int | None, place: Place = ranks.ALONE):
        self.count, self.batch, self.seed, self.epoch, self.place = count, batch, seed, 0, place

    def set_epoch(self, epoch: int) -> None:
        """Lightning tells the epoch, so that a resumed run sees the order it would have seen."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.count // self.batch if self.seed is not None else -(-self.count // self.batch)

    def __iter__(self) -> Iterator[np.ndarray]:
        order = np.arange(self.count)
        if self.seed is not None:
            np.random.default_rng((self.seed, self.epoch)).shuffle(order)
        for start in range(0, len(self) * self.batch, self.batch):
            yield order[start : start + self.batch][self.place.rank :: self.place.world]


class Data(LightningDataModule):
    """Training and validation examples; the last, smaller training batch of an epoch is left out.

    `batch` examples make a step, whatever the number of processes that share them.
    """

    def __init__(self, train: Examples, validation: Examples, batch: int, seed: int, share: float = 0.0):
        super().__init__()
        self._train, self._validation, self._seed, self._share = train, validation, seed, share
        self._batch = batch_of(len(train), batch)

    def train_dataloader(self) -> DataLoader[Batch]:
        return loader(self._train, self._batch, self._seed, place=ranks.here(), share=self._share)

    def val_dataloader(self) -> DataLoader[Batch]:
        place = ranks.here()
        return loader(self._validation, 256 * place.world, None, place=place)


def batch_of(count: int, wanted: int) -> int:
    """How many of `count` examples make a step: no more than there are, and as many for each process."""
    world = ranks.here().world
    ranks.check_batch(wanted, world)
    return max(world, min(wanted, count // world * world))


def loader(
    examples: Examples,
    batch: int,
    seed: int | None,
    pairs: bool = False,
    place: Place = ranks.ALONE,
    share: float = 0.0,
) -> DataLoader[Batch]:
    """Batches of `examples`, or this process's part of each; shuffled where a seed is given, a `share` changed."""
    places = Places(len(examples), batch, seed, place)
    return DataLoader(ExampleBatches(examples, pairs, share, seed or 0), sampler=places, batch_size=None)
