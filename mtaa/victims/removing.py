"""Taking away a model that somebody brought, and the record of who did so when."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from mtaa.core import files, paths
from mtaa.core.active import user
from mtaa.core.errors import InputError, IntegrityError, UnknownNameError
from mtaa.victims.store import VictimCard, folder, own_cards


class Removal(BaseModel):
    """A model that was taken away: its weights, the images it was for, and who did so when (UTC)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    images: str
    architecture: str
    weights_sha256: str
    who: str
    at: str


class Removals(BaseModel):
    """All of them, oldest first; none is ever taken out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: int = 1
    removals: list[Removal] = []


def own_card(name: str, source: str = "") -> VictimCard:
    """The card of an own model by its name; `source` says of which images where there are several of that name.

    Raises `UnknownNameError` or `InputError`.
    """
    cards = [card for card in own_cards() if card.name == name and source in ("", card.images.source)]
    if not cards:
        raise UnknownNameError("model of your own", name, [card.name for card in own_cards()])
    if len(cards) > 1:
        sources = ", ".join(sorted(card.images.source for card in cards))
        raise InputError(f"model {name} must be of one data set, got several ({sources}); name one: --images NAME")
    return cards[0]


def remove(card: VictimCard, who: str = "") -> Removal:
    """Take the model away for good, and note it. Whether something needs it is the caller's to know.

    `who` is by default the user of this process.
    """
    removal = Removal(
        name=card.name,
        images=card.images.source,
        architecture=card.architecture,
        weights_sha256=card.weights_sha256,
        who=who or user(),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    with _locked():
        found = Removals(removals=[*removals(), removal])
        target = folder(card.images, card.name)
        doomed = target.with_name(f".{target.name}.removed")
        shutil.rmtree(doomed, ignore_errors=True)
        target.rename(doomed)  # gone at once and as a whole
        files.write_json(_record(), found.model_dump(mode="json"))
        shutil.rmtree(doomed)
    return removal


def removals() -> list[Removal]:
    """All that were taken away, oldest first. Raises `IntegrityError` where the record can't be read."""
    if not _record().is_file():
        return []
    try:
        return Removals.model_validate(files.read_json(_record())).removals
    except ValidationError as error:
        raise IntegrityError(f"{_record().name} is not a record of this version; restore it or delete it") from error


def _record() -> Path:
    return paths.home() / "removed-victims.json"


@contextmanager
def _locked() -> Iterator[None]:
    paths.home().mkdir(parents=True, exist_ok=True)
    with FileLock(paths.home() / ".removed-victims.lock"):
        yield
