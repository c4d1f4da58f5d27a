"""New images among the known: embedded by the checkpoint's network, surrounded by their nearest examples."""

import threading
from collections.abc import Sequence

import numpy as np
import torch

from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.core.verdict import Refusal
from mtaa.images import intake
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network
from mtaa.signatures import store
from mtaa.signatures.atlas import Atlas
from mtaa.signatures.embed import embed
from mtaa.signatures.neighbours import Neighbours, Placed, surround
from mtaa.signatures.space import HEADS, Head


class Placer:
    """One loaded checkpoint and its atlas. Safe to share between threads: the network has a lock."""

    def __init__(self, card: Card, network: Mtaa, device: torch.device, atlas: Atlas):
        self._card, self._network, self._device, self._atlas = card, network, device, atlas
        self._points = {head: atlas.points(head) for head in HEADS}  # joining them takes longer than searching them
        self._lock = threading.Lock()

    @classmethod
    def open(cls, name: str, device: str = "auto") -> "Placer":
        """Load by name, all hashes checked. Raises `UnknownNameError`, `InputError` or `IntegrityError`."""
        card, place = cards.read(name), devices.pick(device)
        return cls(card, load_network(card), place, store.read(card))

    def place(self, images: Sequence[tuple[str, bytes]]) -> list[Placed | Refusal]:
        """Where (name, bytes) pairs belong, in order; what can't be read is its `Refusal`."""
        read = [self._read(name, content) for name, content in images]
        taken = [one for one in read if not isinstance(one, Refusal)]
        if not taken:
            return [one for one in read if isinstance(one, Refusal)]
        with self._lock:
            found = embed(self._network, np.stack([one.pixels for one in taken]), self._device)
        by_head: dict[Head, list[Neighbours]] = {
            head: surround(
                self._points[head],
                self._atlas.own[head],
                self._atlas.locate(found.attack_embedding, found.victim_embedding, head),
                self._atlas.about.neighbours,
            )
            for head in HEADS
        }
        rows = iter(range(len(taken)))
        return [one if isinstance(one, Refusal) else _placed(one, by_head, next(rows)) for one in read]

    def _read(self, name: str, content: bytes) -> intake.Intake | Refusal:
        geometry = self._card.images
        try:
            return intake.read(content, name, geometry.channels, geometry.side)
        except InputError as error:
            return Refusal(name=name, sha256=files.sha256_bytes(content), bytes=len(content), reason=str(error))


def _placed(one: intake.Intake, by_head: dict[Head, list[Neighbours]], row: int) -> Placed:
    around = {head: found[row] for head, found in by_head.items()}
    return Placed(one.observed.name, one.observed.sha256, one.pixels, around)
