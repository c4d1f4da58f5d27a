"""The bytes of images, each in a file under its own SHA-256. No name that a user gave ever becomes a path."""

import re
from collections.abc import Iterator
from pathlib import Path

from mtaa.core import files
from mtaa.core.errors import IntegrityError

_NAME = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A folder of bytes by content."""

    def __init__(self, folder: Path):
        self._folder = folder

    def write(self, data: bytes) -> str:
        """Keep `data` whole and return its SHA-256; bytes kept before, and sound, are not written again."""
        digest = files.sha256_bytes(data)
        if not self.is_sound(digest):
            with files.atomic(self._path(digest)) as temporary:
                temporary.write_bytes(data)
        return digest

    def read(self, digest: str) -> bytes:
        """The bytes. Raises `IntegrityError` where they are gone or hash to anything else."""
        path = self._path(digest)
        data = path.read_bytes() if path.is_file() else None
        if data is None or files.sha256_bytes(data) != digest:
            state = "missing" if data is None else "changed"
            raise IntegrityError(f"bytes of image {digest[:12]} are {state} in the evidence store; restore a backup")
        return data

    def is_sound(self, digest: str) -> bool:
        """Whether the bytes are there and hash to their name."""
        path = self._path(digest)
        return path.is_file() and files.sha256_file(path) == digest

    def erase(self, digest: str) -> None:
        """Remove the bytes, if they are there."""
        self._path(digest).unlink(missing_ok=True)

    def strays(self, known: set[str]) -> Iterator[Path]:
        """Files that hold none of the `known` images: halves that a killed process left, and what belongs to nobody."""
        for path in sorted(self._folder.glob("*/*")) if self._folder.is_dir() else []:
            if path.name not in known:
                yield path

    def _path(self, digest: str) -> Path:
        if not _NAME.fullmatch(digest):
            raise IntegrityError(f"image must be named by 64 hex digits, got {digest[:80]!r}")
        return self._folder / digest[:2] / digest
