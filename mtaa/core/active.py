"""Which checkpoint is active: the one that judges where none is named. Who made it so, when, and which was before.

One file under `MTAA_HOME` holds the history, oldest first; nothing is ever taken out of it.
"""

import getpass
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.errors import InputError, IntegrityError

SCHEMA_VERSION = 1


class Change(BaseModel):
    """`name` took the place of `before`. `weights_sha256` are the weights it had then; `at` is in UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    how: Literal["activated", "rolled back"]
    name: str
    before: str
    weights_sha256: str
    who: str
    at: str


class History(BaseModel):
    """All changes, oldest first."""

    model_config = ConfigDict(extra="forbid")

    schema_version: int = SCHEMA_VERSION
    changes: list[Change] = []


def history() -> list[Change]:
    """All changes, oldest first. Raises `IntegrityError` where the record can't be read."""
    path = _record()
    if not path.is_file():
        return []
    try:
        found = History.model_validate(files.read_json(path))
    except ValidationError as error:
        raise IntegrityError(f"{path.name} is not a history of this version; restore it or delete it") from error
    if found.schema_version != SCHEMA_VERSION:
        raise IntegrityError(f"{path.name} has schema {found.schema_version}, expected {SCHEMA_VERSION}; update mtaa")
    return found.changes


def active() -> str:
    """The name of the active checkpoint: the last activated, else the bundled one, else the first there is.

    Raises `IntegrityError` where the last activated one is gone, `InputError` where there is none at all.
    """
    names, changes = cards.names(), history()
    if changes:
        name = changes[-1].name
        if name not in names:
            raise IntegrityError(
                f"active checkpoint {name} is no longer there; restore it, or make another one active: "
                "mtaa checkpoint activate NAME"
            )
        return name
    if not names:
        raise InputError("a checkpoint must be installed, got none; restore checkpoints/ or train one: mtaa train")
    return next((name for name in names if name in cards.BUNDLED), names[0])


def activate(name: str, who: str = "") -> list[Change]:
    """Make `name` active, its weights checked, and return the history; what is active already changes nothing.

    `who` is by default the user of this process. Raises `UnknownNameError` or `IntegrityError`.
    """
    with _locked():
        return _change("activated", name, who)


def roll_back(who: str = "") -> list[Change]:
    """Make the one active that was so before, and return the history. Raises `InputError` where there is none."""
    with _locked():
        target = earlier()
        if target is None:
            raise InputError("a checkpoint must have been active before this one, got none; activate one by its name")
        return _change("rolled back", target, who)


def earlier() -> str | None:
    """The checkpoint that rolling back returns to: the one before, of those that are still there."""
    trail: list[str] = []
    for change in history():
        trail = trail or [change.before]
        if change.how == "activated":
            trail.append(change.name)
        else:
            # Those in between were gone when it was rolled back.
            while len(trail) > 1 and trail[-1] != change.name:
                trail.pop()
    names = cards.names()
    return next((name for name in reversed(trail[:-1]) if name in names and name != trail[-1]), None)


def delete(name: str) -> None:
    """Delete a checkpoint. Raises `InputError` for the active one and for those that come with the repository."""
    with _locked():
        folder = cards.folder(name)
        if name in cards.BUNDLED:
            raise InputError(
                f"checkpoint to delete must be a retrained one, got {name}, which comes with mtaa; keep it"
            )
        if name == active():
            raise InputError(f"checkpoint to delete must not be active, got {name}; activate another one first")
        doomed = folder.with_name(f".{name}.deleted")
        shutil.rmtree(doomed, ignore_errors=True)
        folder.rename(doomed)  # gone at once and as a whole
        shutil.rmtree(doomed)


def user() -> str:
    """Who runs this process, for the history."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have no name for its user
        return f"uid {os.getuid()}"


def _change(how: Literal["activated", "rolled back"], name: str, who: str) -> list[Change]:
    card, changes = cards.read(name), history()
    cards.checked(name, cards.WEIGHTS, card.weights_sha256)
    before = changes[-1].name if changes else active()
    if name == before:
        return changes
    at = datetime.now(UTC).isoformat(timespec="seconds")
    change = Change(how=how, name=name, before=before, weights_sha256=card.weights_sha256, who=who or user(), at=at)
    found = History(changes=[*changes, change])
    files.write_json(_record(), found.model_dump(mode="json"))
    return found.changes


def _record() -> Path:
    return paths.home() / "active.json"


@contextmanager
def _locked() -> Iterator[None]:
    """One change at a time, whoever makes it."""
    paths.home().mkdir(parents=True, exist_ok=True)
    with FileLock(paths.home() / ".active.lock"):
        yield
