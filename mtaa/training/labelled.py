"""Images that an analyst says show an attack: nobody knows on which source model it was made, nor how strongly.

They are learnt from as examples of the attack alone. Every fourth is held out, by its hash, and never learnt from.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mtaa.core import files, paths
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.growth import Labelled
from mtaa.core.intervals import wilson
from mtaa.dataset.examples import Examples

FEWEST = 20
HELD_OUT = 4  # of so many, one
UNKNOWN_VICTIM = -100  # what PyTorch's cross-entropy ignores
UNKNOWN_INTENSITY = float("nan")


def split(images: np.ndarray, hashes: Sequence[str], attack: str, origin: str) -> Labelled:
    """Which of the images (n, C, H, W) uint8 are learnt from, and which are held out.

    hashes: SHA-256 of each image's file, under which its case knows it. origin: where they are from, such as `case 3`.
    Raises `InputError` where there are fewer than `FEWEST`.
    """
    if len(images) < FEWEST:
        raise InputError(
            f"{origin} must have at least {FEWEST} images that its analyst calls adversarial, got {len(images)}; "
            "assess more of them"
        )
    order = np.argsort(hashes)
    names = [hashes[place] for place in order]
    held, digest = names[::HELD_OUT], _digest(names, images[order])
    learnt = [name for name in names if name not in held]
    return Labelled(attack=attack, origin=origin, data_sha256=digest, learnt=learnt, held_out=held)


def keep(labelled: Labelled, images: np.ndarray, hashes: Sequence[str]) -> None:
    """Put the images where a training finds them, until `drop`: a case that is deleted must not live on here."""
    order = np.argsort(hashes)
    with files.atomic(_path(labelled)) as temporary, temporary.open("wb") as file:
        np.savez(file, images=images[order], hashes=np.array(hashes)[order])


def drop(labelled: Labelled | None) -> None:
    """Remove what `keep` put there, once nothing more is learnt from it."""
    if labelled is not None:
        _path(labelled).unlink(missing_ok=True)


def read(labelled: Labelled, hashes: list[str]) -> np.ndarray:
    """The images (n, C, H, W) uint8 of `hashes`. Raises `IntegrityError` where they are not what was put there."""
    path = _path(labelled)
    try:
        with np.load(path, allow_pickle=False) as document:
            images, names = document["images"], document["hashes"].tolist()
    except (OSError, ValueError, KeyError) as error:
        raise IntegrityError(f"images of {labelled.origin} must be in {path.name}, got none; start anew") from error
    if _digest(names, images) != labelled.data_sha256:
        raise IntegrityError(f"{path.name} has another hash than its name says; start anew")
    found: np.ndarray = images[[names.index(one) for one in hashes]]
    return found


def examples(labelled: Labelled, hashes: list[str], attack: int) -> Examples:
    """They as examples of the attack at the place `attack`. For want of the originals, `clean` are the images."""
    images, count = read(labelled, hashes), len(hashes)
    return Examples(
        images=images,
        clean=images,
        attack=np.full(count, attack, np.int64),
        victim=np.full(count, UNKNOWN_VICTIM, np.int64),
        intensity=np.full(count, UNKNOWN_INTENSITY, np.float32),
        achieved=np.full(count, UNKNOWN_INTENSITY, np.float32),
        reached=np.ones(count, bool),
        fooled=np.zeros(count, bool),
        source=np.array([f"{labelled.origin}/{name}" for name in hashes]),
        control=np.full(count, "", np.str_),
    )


def told(labelled: Labelled, labels: list[str], said: np.ndarray) -> Labelled:
    """With what a network says of the images held out: `said` (n,) are places among `labels`."""
    names = [labels[place] for place in said.tolist()]
    right = names.count(labelled.attack)
    low, high = wilson(right, len(names))
    others = Counter(name for name in names if name != labelled.attack)
    figures = {"right": right / len(names), "low": low, "high": high}
    rounded = {name: round(value, 4) for name, value in figures.items()}
    return labelled.model_copy(update={**rounded, "taken_for": dict(others.most_common())})


def _digest(names: list[str], images: np.ndarray) -> str:
    return files.canonical_hash([names, files.sha256_bytes(np.ascontiguousarray(images).tobytes())])


def _path(labelled: Labelled) -> Path:
    return paths.home() / "labelled" / f"{labelled.data_sha256}.npz"
