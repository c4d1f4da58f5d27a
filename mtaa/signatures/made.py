"""Maps that were asked for, kept as `MTAA_HOME/maps/KEY.npz`: points and a JSON text, never a pickle."""

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from mtaa.core import files, paths
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.signatures.atlas import Figures
from mtaa.signatures.request import KEY_LENGTH, SCHEMA_VERSION, MapRequest

_KEY = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}")


class MadeOf(BaseModel):
    """How a map was made. `whole` and `drawn` are figures of its features and of the map itself, under the names of
    `quality.measure`, on `sample` examples and by `neighbours` nearest others; `seconds` what it took."""

    model_config = ConfigDict(extra="forbid")

    schema_version: int = SCHEMA_VERSION
    key: str
    weights_sha256: str
    test_sha256: str
    request: MapRequest
    sample: int
    neighbours: int
    whole: Figures
    drawn: Figures
    seconds: float


@dataclass(frozen=True)
class Made:
    """points: (n, 2) or (n, 3) float32, in the order of the test split."""

    of: MadeOf
    points: np.ndarray


def path(key: str) -> Path:
    """Where the map `key` is kept. Raises `InputError` where that is no key: what is typed never becomes a path."""
    if not _KEY.fullmatch(key):
        raise InputError(f"map must be named by {KEY_LENGTH} hexadecimal digits, got {key[:40]!r}; choose one listed")
    return paths.maps() / f"{key}.npz"


def save(made: Made) -> None:
    """Keep a map, whole or not at all."""
    text = json.dumps(made.of.model_dump(mode="json"), sort_keys=True)
    with files.atomic(path(made.of.key)) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, points=made.points, of=np.array(text))


def read(key: str, card: Card) -> Made:
    """The map `key` of a checkpoint. Raises `InputError` where there is none, `IntegrityError` where it is broken."""
    if not path(key).is_file():
        raise InputError(f"map {key} must be there, got none; make it anew")
    of = _of(path(key))
    try:
        with np.load(path(key), allow_pickle=False) as stored:
            points = stored["points"]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _broken(path(key)) from error
    fits = points.ndim == 2 and points.shape[1] == of.request.dimensions and np.isfinite(points).all()
    if not fits or of.request.key(card) != key:
        raise IntegrityError(f"map {key} is not of the weights and examples of checkpoint {card.name}; delete it")
    return Made(of, points)


def kept(card: Card) -> tuple[list[MadeOf], list[str]]:
    """The maps of a checkpoint, the newest first; and what is wrong with files that can't be read, a sentence each."""
    found, faults = [], []
    for file in sorted(paths.maps().glob("*.npz"), key=_age):
        try:
            of = _of(file)
        except IntegrityError as error:
            faults.append(str(error))
            continue
        if of.key == file.stem and of.request.key(card) == of.key:
            found.append(of)
    return found, faults


def delete(key: str) -> None:
    """Forget a map; one that is gone already stays so."""
    path(key).unlink(missing_ok=True)


def _of(file: Path) -> MadeOf:
    try:
        with np.load(file, allow_pickle=False) as stored:
            return MadeOf.model_validate_json(str(stored["of"]))
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, ValidationError) as error:
        raise _broken(file) from error


def _broken(file: Path) -> IntegrityError:
    return IntegrityError(f"{file.name} is not a whole map of this version; delete it from MTAA_HOME/maps")


def _age(file: Path) -> float:
    return -file.stat().st_mtime
