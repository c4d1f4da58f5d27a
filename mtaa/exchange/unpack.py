"""Import: a stranger's zip or folder becomes a checkpoint, whole or not at all."""

import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.exchange import check
from mtaa.exchange.contents import LARGEST, LARGEST_EXPANSION

BLOCK = 1 << 20
_ENCRYPTED = 0x1


def from_zip(archive: IO[bytes], name: str | None = None) -> Card:
    """Import the zip that `export` wrote, under `name` or the card's own.

    Raises `InputError` where a file is unknown, missing, too large or not what the card says, where the name is taken
    and where the card is newer than this version; nothing is left behind then.
    """
    return _arrive(lambda draft: _unzip(archive, draft), name)


def from_folder(folder: Path, name: str | None = None) -> Card:
    """Import the folder that `export` wrote. Raises as `from_zip`."""
    if not folder.is_dir():
        raise InputError(f"checkpoint to import must be a folder or a zip, got {folder}; check the path")
    return _arrive(lambda draft: _copy(folder, draft), name)


def _arrive(fill: Callable[[Path], None], name: str | None) -> Card:
    if name is not None:
        cards.check_name(name)
    root = paths.checkpoints()
    root.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".import-", dir=root))
    try:
        fill(draft)
        card = check.card(draft)
        if name is not None and name != card.name:
            card = card.model_copy(update={"name": name})
            files.write_json(draft / cards.CARD, card.model_dump(mode="json"))
        _refuse_taken(card.name)
        check.contents(card, draft)
        draft.chmod(0o755)
        _move(draft, root / card.name)
        return card
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _refuse_taken(name: str) -> None:
    if (paths.checkpoints() / name).exists():
        raise InputError(f"checkpoint name must be new, got {name}; import it under another name")


def _move(draft: Path, target: Path) -> None:
    try:
        draft.rename(target)
    except OSError:
        _refuse_taken(target.name)
        raise


def _unzip(archive: IO[bytes], draft: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            _refuse_names([entry.filename for entry in entries])
            packed = sum(entry.compress_size for entry in entries)
            if sum(entry.file_size for entry in entries) > LARGEST_EXPANSION * packed + LARGEST[cards.CARD]:
                raise InputError(
                    f"zip must expand to at most {LARGEST_EXPANSION} times its size, got more; export the checkpoint "
                    "with mtaa"
                )
            for entry in entries:
                kind = stat.S_IFMT(entry.external_attr >> 16)
                if kind not in (0, stat.S_IFREG) or entry.flag_bits & _ENCRYPTED:
                    raise InputError(
                        f"{entry.filename} must be a plain file, got a link, a folder or an encrypted one; export the "
                        "checkpoint with mtaa"
                    )
                with opened.open(entry) as source:
                    _take(source, draft / entry.filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(
            "checkpoint to import must be a whole zip, got a broken or another file; export the checkpoint again"
        ) from error


def _copy(folder: Path, draft: Path) -> None:
    found = sorted(folder.iterdir())
    _refuse_names([path.name for path in found])
    for path in found:
        if path.is_symlink() or not path.is_file():
            raise InputError(
                f"{path.name} must be a plain file, got a link or a folder; copy the checkpoint's own files"
            )
        with path.open("rb") as source:
            _take(source, draft / path.name)


def _refuse_names(names: Iterable[str]) -> None:
    """Only the files of a checkpoint, each once: so no name is a path that leads elsewhere."""
    seen = set()
    for name in names:
        if name not in LARGEST:
            raise InputError(
                f"files must be those of a checkpoint ({', '.join(LARGEST)}), got {name[:80]!r}; remove it"
            )
        if name in seen:
            raise InputError(f"each file must be there once, got {name} twice; export the checkpoint again")
        seen.add(name)


def _take(source: IO[bytes], target: Path) -> None:
    """Copy no more than a file of this name may have, whatever a header says."""
    left = LARGEST[target.name]
    with target.open("xb") as copy:
        while block := source.read(BLOCK):
            left -= len(block)
            if left < 0:
                raise InputError(f"{target.name} must have at most {LARGEST[target.name]:,} bytes, got more; check it")
            copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())
