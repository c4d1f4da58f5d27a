"""The processes of one training: which of them this one is, and what they tell each other. Alone, it is all nothing.

`torchrun` starts them, on one machine or on several, one a GPU. They speak by NCCL, and on CPUs by Gloo.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import torch
from torch import distributed

from mtaa.core.errors import InputError

# Rank 0 may lay out a large split, or wait for a shared disk, while the others wait for it.
PATIENCE = timedelta(hours=1)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Place:
    """Number `rank` of `world` processes, and number `local` of the `beside` that run on this machine."""

    rank: int = 0
    world: int = 1
    local: int = 0
    beside: int = 1


ALONE = Place()


def here() -> Place:
    """This process's place, as `torchrun` has told it; alone where it was not started so."""
    if not distributed.is_torchelastic_launched():
        return ALONE
    names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
    return Place(*(int(os.environ[name]) for name in names))


def is_first() -> bool:
    """Whether this is the process that writes, tells and registers."""
    return here().rank == 0


def check_batch(batch: int, world: int) -> None:
    """Raises `InputError` where `world` processes can't share a batch alike, since their gradients count alike."""
    if batch % world:
        raise InputError(
            f"batch must be a multiple of the processes that share it, got {batch} for {world}; say --batch "
            f"{-(-batch // world) * world}"
        )


@contextmanager
def joined() -> Iterator[None]:
    """Within it all processes of the training hear each other. Raises `InputError` where two would share a GPU.

    Left by an error it stays joined: leaving waits for the others, and it is `torchrun` that ends them.
    """
    place = here()
    if place.world == 1:
        yield
        return
    if torch.cuda.is_available():
        if place.beside > torch.cuda.device_count():
            raise InputError(
                f"processes must be at most one a GPU, got {place.beside} for {torch.cuda.device_count()}; give "
                "torchrun a smaller --nproc-per-node"
            )
        torch.cuda.set_device(place.local)
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo", timeout=PATIENCE)
    yield
    distributed.destroy_process_group()


def from_first(value: Value) -> Value:
    """What rank 0 has for `value`, on every rank."""
    if not distributed.is_initialized():
        return value
    box = [value]
    distributed.broadcast_object_list(box, src=0)
    return box[0]


def summed(values: dict[str, float]) -> dict[str, float]:
    """The sums over all ranks."""
    if not distributed.is_initialized():
        return values
    total = torch.tensor(list(values.values()), dtype=torch.float64, device=_device())
    distributed.all_reduce(total)
    return dict(zip(values, total.tolist(), strict=True))


def share_gradients(weights: Iterable[torch.Tensor]) -> None:
    """Replace each gradient by its mean over all ranks, for a loop that is not Lightning's."""
    if not distributed.is_initialized():
        return
    for weight in weights:
        if weight.grad is not None:
            distributed.all_reduce(weight.grad)
            weight.grad /= distributed.get_world_size()


def _device() -> torch.device:
    return torch.device("cuda" if distributed.get_backend() == "nccl" else "cpu")
