"""Export: a checkpoint as one zip or one folder, its hashes checked on the way out."""

import io
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.exchange.contents import digests, members

FIRST_DATE = (1980, 1, 1, 0, 0, 0)


def as_zip(name: str) -> bytes:
    """The zip of a checkpoint. Raises as `export`."""
    buffer = io.BytesIO()
    _write_zip(_whole(name), buffer)
    return buffer.getvalue()


def export(name: str, target: Path) -> Path:
    """Write a checkpoint to `target`: a zip where its name ends so, else a folder. Whole or not at all.

    The same checkpoint gives the same bytes. Raises `UnknownNameError`, `IntegrityError` where a file is not what the
    card says, `InputError` where the target exists.
    """
    parts = _whole(name)
    if target.exists():
        raise InputError(f"export target must be new, got {target}; choose another name")
    if target.suffix == ".zip":
        with files.atomic(target) as temporary, temporary.open("wb") as file:
            _write_zip(parts, file)
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for path in parts:
            shutil.copyfile(path, draft / path.name)
        draft.chmod(0o755)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _whole(name: str) -> list[Path]:
    """The checkpoint's files, each found to be what the card says."""
    card = cards.read(name)
    for file, digest in digests(card).items():
        cards.checked(name, file, digest)
    return [cards.folder(name) / file for file in members(card)]


def _write_zip(parts: list[Path], target: IO[bytes]) -> None:
    # Stored, not deflated: the parts hardly shrink, and the bytes depend on no version of zlib.
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in parts:
            entry = zipfile.ZipInfo(path.name, FIRST_DATE)
            entry.create_system, entry.external_attr, entry.file_size = 3, 0o644 << 16, path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
