"""`signatures.npz` beside a checkpoint: arrays and a JSON text, never a pickle; its hash stands in the card."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.signatures.atlas import SCHEMA_VERSION, About, Atlas, shape_fault

_ROWS = ("attack", "victim", "intensity", "said_attack", "said_victim", "said_intensity", "source")
_GROUPS = ("embeddings", "centre", "spread", "own", "maps")


def write(atlas: Atlas, card: Card) -> Card:
    """Write the atlas beside its checkpoint and its hash into the card, which is returned.

    Each file is whole at any time. Cut off between the two, the card still names the old atlas, and reading says so.
    """
    path = cards.folder(card.name) / cards.SIGNATURES
    save(atlas, path)
    return cards.marked(card, signatures_sha256=files.sha256_file(path))


def read(card: Card) -> Atlas:
    """The checkpoint's atlas, its hash and those of what it was made from checked.

    Raises `InputError` where none was made, `IntegrityError` where it is not what the card says.
    """
    if not card.signatures_sha256:
        hint = f"make it: mtaa map --checkpoint {card.name}"
        raise InputError(f"checkpoint {card.name} has no map of its signatures yet; {hint}")
    again = f"make it anew: mtaa map --checkpoint {card.name}"
    path = cards.checked(card.name, cards.SIGNATURES, card.signatures_sha256, again)
    try:
        atlas = load(path)
    except IntegrityError as error:
        raise IntegrityError(f"{error}; {again}") from error
    about = atlas.about
    if (about.weights_sha256, about.test_sha256) != (card.weights_sha256, card.test_sha256):
        raise IntegrityError(f"{cards.SIGNATURES} of checkpoint {card.name} was made from other weights; {again}")
    return atlas


def save(atlas: Atlas, path: Path) -> None:
    """Write one file; the same atlas gives the same bytes."""
    arrays: dict[str, np.ndarray] = {name: getattr(atlas, name) for name in _ROWS}
    for group in _GROUPS:
        arrays |= {f"{group}.{name}": values for name, values in getattr(atlas, group).items()}
    arrays["about"] = np.array(json.dumps(atlas.about.model_dump(mode="json"), sort_keys=True))
    with files.atomic(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def load(path: Path) -> Atlas:
    """What `save` wrote. Raises `IntegrityError` on anything else."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        document = json.loads(str(arrays.pop("about")))
        if document["schema_version"] != SCHEMA_VERSION:
            raise IntegrityError(f"{path.name} has schema {document['schema_version']}, expected {SCHEMA_VERSION}")
        fields: dict[str, Any] = {name: values for name, values in arrays.items() if "." not in name}
        for group in _GROUPS:
            mine = [name for name in arrays if name.startswith(f"{group}.")]
            fields[group] = {name.removeprefix(f"{group}."): arrays[name] for name in mine}
        atlas = Atlas(about=About.model_validate(document), **fields)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, ValidationError) as error:
        raise IntegrityError(f"{path.name} is not a whole map of signatures of this version") from error
    fault = shape_fault(atlas)
    if fault:
        raise IntegrityError(f"{path.name} does not fit together: {fault}")
    return atlas
