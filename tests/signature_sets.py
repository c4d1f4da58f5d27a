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
from mtaa.signatures.atlas import About, Atlas, Method
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


def large(card: Card, count: int, width: int, seed: int = 0) -> Atlas:
    """An atlas of `count` examples with embeddings `width` wide and flat maps, which are clouds by attack."""
    random = np.random.default_rng(seed)
    nobody, clean = card.victims.index("none"), card.attacks.index("clean")
    attack = random.integers(0, len(card.attacks), count)
    victim = np.where(attack == clean, nobody, random.integers(0, nobody, count))
    ends = np.array([card.intensity_grids.get(name, (0.0, 0.0)) for name in card.attacks])
    intensity = np.round(ends[attack, 0] + random.integers(0, 20, count) / 19 * (ends[attack, 1] - ends[attack, 0]))
    wrong = random.random(count) < 0.05
    parts, heads = ("attack", "victim"), ("attack", "victim", "both")
    flat = random.normal(0, 9, (len(card.attacks), 2))[attack] + random.normal(0, 2, (count, 2))
    figures = dict.fromkeys(("attack_knn", "victim_knn", "attack_silhouette", "victim_silhouette"), 0.5)
    return Atlas(
        about=About(
            weights_sha256=card.weights_sha256,
            test_sha256=card.test_sha256,
            attacks=card.attacks,
            victims=card.victims,
            neighbours=15,
            sample=5000,
            seed=seed,
            methods={"tsne": {"perplexity": 30}},
            libraries={},
            quality=dict.fromkeys((*heads, *(f"tsne-{size}-{head}" for size in (2, 3) for head in heads)), figures),
        ),
        attack=attack.astype(np.int16),
        victim=victim.astype(np.int16),
        intensity=intensity.astype(np.float32),
        said_attack=attack.astype(np.int16),
        said_victim=np.where(wrong, (victim + 1) % nobody, victim).astype(np.int16),
        said_intensity=intensity.astype(np.float32),
        source=np.array([f"mnist-test-{place:05d}" for place in range(count)]),
        embeddings={part: random.normal(size=(count, width)).astype(np.float16) for part in parts},
        centre=dict.fromkeys(parts, np.zeros(width, np.float32)),
        spread=dict.fromkeys(parts, np.ones(width, np.float32)),
        own=dict.fromkeys(heads, np.ones(count, np.float32)),
        maps={
            f"tsne-{size}-{head}": np.c_[flat, flat[:, :1]][:, :size].astype(np.float32)
            for size in (2, 3)
            for head in heads
        },
    )
