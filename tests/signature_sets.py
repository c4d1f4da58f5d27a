"""Reference sets made up for tests: clusters of embeddings by attack and source model, with pixels and labels."""

import functools
from pathlib import Path

import numpy as np

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import export
from mtaa.signatures import store
from mtaa.signatures.atlas import Atlas, Method
from mtaa.signatures.build import chart
from mtaa.signatures.embed import Embedded
from mtaa.signatures.maps import Layout

WIDTHS = (12, 9)
QUICK = Layout(perplexity=8, neighbours=8)


def made_up(card: Card, each: int = 16, seed: int = 0) -> tuple[Examples, Embedded]:
    """`each` examples of every attack on every victim and as many clean ones, by clusters; some are named wrong."""
    random = np.random.default_rng(seed)
    nobody = card.victims.index("none")
    cells = [(attack, victim) for attack in range(len(card.attacks)) for victim in range(len(card.victims))]
    is_clean = [card.attacks[attack] == "clean" for attack, _ in cells]
    cells = [cell for cell, clean in zip(cells, is_clean, strict=True) if clean == (cell[1] == nobody)]
    attack, victim = (np.repeat([cell[part] for cell in cells], each).astype(np.int64) for part in (0, 1))
    count, side = len(attack), card.images.side
    intensity = np.zeros(count, np.float32)
    for place, name in enumerate(card.attacks):
        low, high = card.intensity_grids.get(name, (0.0, 0.0))
        intensity[attack == place] = np.linspace(low, high, int((attack == place).sum()))
    clean = random.integers(0, 256, (count, card.images.channels, side, side), np.uint8)
    examples = Examples(
        images=clean + random.integers(0, 9, clean.shape, np.uint8),
        clean=clean,
        attack=attack,
        victim=victim,
        intensity=intensity,
        achieved=intensity,
        reached=np.ones(count, bool),
        fooled=attack != card.attacks.index("clean"),
        source=np.array([f"mnist-test-{place:05d}" for place in range(count)]),
        control=np.full(count, ""),
    )
    centres = [
        random.normal(0, 4, (len(labels), width))
        for labels, width in zip((card.attacks, card.victims), WIDTHS, strict=True)
    ]
    embedded = Embedded(
        attack_embedding=(centres[0][attack] + random.normal(size=(count, WIDTHS[0]))).astype(np.float32),
        victim_embedding=(centres[1][victim] + random.normal(size=(count, WIDTHS[1]))).astype(np.float32),
        said_attack=np.where(np.arange(count) == 3, (attack + 1) % 2, attack).astype(np.int16),
        said_victim=np.where(np.arange(count) < 2, (victim + 1) % nobody, victim).astype(np.int16),
        said_intensity=intensity + 1,
    )
    return examples, embedded


def install(card: Card, folder: Path, methods: tuple[Method, ...] = ("tsne",)) -> Card:
    """Write a made-up test split and its atlas beside the card in `folder`; the card with their hashes."""
    examples, _ = made_up(card)
    export(examples, card.attacks, card.victims, folder / cards.TEST_SPLIT)
    card = card.model_copy(update={"test_sha256": files.sha256_file(folder / cards.TEST_SPLIT)})
    return store.write(_charted(card.model_dump_json(), methods), card)


@functools.cache
def _charted(card: str, methods: tuple[Method, ...]) -> Atlas:
    """One atlas for all tests of a process: only files differ."""
    parsed = Card.model_validate_json(card)
    return chart(parsed, *made_up(parsed), list(methods), QUICK)
