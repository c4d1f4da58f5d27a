"""Making one map that was asked for, of any features, and measuring how far it can be believed."""

import time

import numpy as np

from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core.card import Card
from mtaa.core.labels import NOBODY
from mtaa.core.progress import Progress, Silent
from mtaa.dataset.read import read_export
from mtaa.models.store import load_network
from mtaa.signatures import layers, made, quality, store
from mtaa.signatures.atlas import Atlas, Figures
from mtaa.signatures.build import LARGEST_SAMPLE
from mtaa.signatures.desk import Desk
from mtaa.signatures.made import Made, MadeOf
from mtaa.signatures.maps import MAPPERS
from mtaa.signatures.request import MapRequest
from mtaa.signatures.space import HEADS


def make(name: str, request: MapRequest, device: str = "auto", progress: Progress | None = None) -> Made:
    """The map of a checkpoint as `request` says, kept for the next time; made already, it is only read.

    Raises `UnknownNameError`, `IntegrityError`, `Cancelled`, or `InputError` where the checkpoint has no reference set,
    a parameter does not fit it, or another process makes the same map.
    """
    card = cards.read(name)
    key = request.key(card)
    with Desk(key).work(request, card.weights_sha256, progress or Silent()) as telling:
        if made.path(key).is_file():
            return made.read(key, card)
        began = time.monotonic()
        atlas = store.read(card)
        points = points_of(card, atlas, request, device, telling)
        telling.start("Finding neighbours", 0, "")
        mapped = MAPPERS[request.method](points, request.dimensions, request.layout, telling)
        telling.start("Measuring the map", 0, "")
        whole, drawn = figures(card, atlas, points, mapped, request.layout.seed)
        telling.finish()
        of = MadeOf(
            key=key,
            weights_sha256=card.weights_sha256,
            test_sha256=card.test_sha256,
            request=request,
            sample=min(LARGEST_SAMPLE, len(atlas)),
            neighbours=atlas.about.neighbours,
            whole=whole,
            drawn=drawn,
            seconds=round(time.monotonic() - began, 1),
        )
        found = Made(of, mapped)
        made.save(found)
    return found


def points_of(card: Card, atlas: Atlas, request: MapRequest, device: str, progress: Progress) -> np.ndarray:
    """The features that the map is made of, float32 (n, D): those kept beside the checkpoint, or read anew."""
    if request.features in HEADS:
        return atlas.points(request.features)
    place = devices.pick(device)
    images = read_export(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    return layers.read(load_network(card), images.images, request.features, place, progress)


def figures(card: Card, atlas: Atlas, points: np.ndarray, mapped: np.ndarray, seed: int) -> tuple[Figures, Figures]:
    """Figures of features (n, D) and of their map (n, d), on at most `LARGEST_SAMPLE` examples."""
    sample = np.random.default_rng(seed).permutation(len(atlas))[:LARGEST_SAMPLE]
    attack, victim = atlas.attack[sample], atlas.victim[sample]
    is_attacked = victim != (card.victims.index(NOBODY) if NOBODY in card.victims else -1)
    count = min(atlas.about.neighbours, (len(sample) - 1) // 2)
    whole = quality.measure(points[sample], attack, victim, is_attacked, count)
    drawn = quality.measure(mapped[sample], attack, victim, is_attacked, count)
    return whole, {**drawn, "trustworthiness": quality.trustworthiness(points[sample], mapped[sample], count)}
