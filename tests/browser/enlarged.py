"""The bundled checkpoint with as many known examples as asked for: its own first, then these again, a little off."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.dataset.read import export, read_export
from mtaa.signatures import store
from mtaa.signatures.atlas import Atlas

NAME = "mnist"
SPREAD = 0.05  # of each axis's own, by which a repeated example lies beside the first
SHIFT = 2  # pixels to either side


def enlarge(count: int, root: Path, seed: int = 0) -> Card:
    """Write it with `count` examples below `root`, which `MTAA_CHECKPOINTS` can then name."""
    random = np.random.default_rng(seed)
    card, source, target = cards.read(NAME), cards.folder(NAME), root / NAME
    shutil.copytree(source, target)
    atlas = store.read(card)
    own = np.arange(min(len(atlas), count))
    taken = np.r_[own, random.integers(0, len(atlas), count - len(own))]

    examples = read_export(source / cards.TEST_SPLIT, card.attacks, card.victims).take(taken)
    sideways = np.where(taken == np.arange(count), 0, random.integers(-SHIFT, SHIFT + 1, count))
    moved = {
        name: np.stack([np.roll(one, by, -1) for one, by in zip(getattr(examples, name), sideways, strict=True)])
        for name in ("images", "clean")
    }
    export(dataclasses.replace(examples, **moved), card.attacks, card.victims, target / cards.TEST_SPLIT)
    test = files.sha256_file(target / cards.TEST_SPLIT)

    store.save(_repeated(atlas, taken, test, random), target / cards.SIGNATURES)
    digest = files.sha256_file(target / cards.SIGNATURES)
    card = card.model_copy(update={"test_sha256": test, "signatures_sha256": digest})
    files.write_json(target / cards.CARD, card.model_dump(mode="json"))
    return card


def _repeated(atlas: Atlas, taken: np.ndarray, test_sha256: str, random: np.random.Generator) -> Atlas:
    is_again = (taken != np.arange(len(taken)))[:, None]

    def beside(values: np.ndarray) -> np.ndarray:
        off = SPREAD * values.std(0, dtype=np.float32) * random.normal(size=(len(taken), values.shape[1]))
        return np.asarray(values[taken] + is_again * off, values.dtype)

    rows = ("attack", "victim", "intensity", "said_attack", "said_victim", "said_intensity", "source")
    return dataclasses.replace(
        atlas,
        about=atlas.about.model_copy(update={"test_sha256": test_sha256}),
        embeddings={name: beside(values) for name, values in atlas.embeddings.items()},
        maps={name: beside(values) for name, values in atlas.maps.items()},
        own={name: values[taken] for name, values in atlas.own.items()},
        **{name: getattr(atlas, name)[taken] for name in rows},
    )
