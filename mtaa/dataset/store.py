"""Where generated files lie: in a folder or, by URL, in an object store. One interface, so that nothing else knows.

Files are made by several processes, and several machines, at once. Whoever makes one claims it first. Should two make
one all the same, nothing is lost: a name says what it holds, and both write the same bytes, whole.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mtaa.core.errors import InputError

# The driver of a URL's scheme, and the extra of mtaa that brings it.
EXTRAS = {"s3": ("s3fs", "s3"), "s3a": ("s3fs", "s3"), "gs": ("gcsfs", "gcs"), "gcs": ("gcsfs", "gcs")}


class Store(ABC):
    """Files by name, such as `shards/x.parquet`, under one `place`, which is what messages show.

    leases: whether only time tells that the owner of a claim has died. Then the others must stay, to take it over.
    shared: whether other processes see what this one writes.
    """

    place: str
    leases: bool = False
    shared: bool = True

    @abstractmethod
    def exists(self, name: str) -> bool:
        """Whether the file is there, whole."""

    @abstractmethod
    def names(self, folder: str) -> set[str]:
        """The files of `folder`, each as `folder/file`; none where there is no such folder."""

    @abstractmethod
    def fetched(self, name: str) -> AbstractContextManager[Path]:
        """A local path to read an existing file from, good until the block ends."""

    @abstractmethod
    def written(self, name: str) -> AbstractContextManager[Path]:
        """A local path that the block writes to, whole (`files.atomic`); at its end the file is in the store."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Remove the file, if it is there."""

    @abstractmethod
    def claim(self, name: str) -> AbstractContextManager[bool]:
        """Whether the file is missing, and in this block to be made here and by nobody else."""


def open_store(place: str, name: str) -> Store:
    """The store `name` under `place`, a local folder or any URL that fsspec knows.

    Raises `InputError` where nothing knows such a URL, or its driver is not installed.
    """
    scheme, is_url, rest = place.partition("://")
    if not is_url or scheme == "file":
        return Folder(Path(rest if is_url else place) / name)
    from fsspec.core import url_to_fs  # here, since who works in a folder need not wait for it

    from mtaa.dataset.objects import Objects

    shown = re.sub(r"(?<=://)[^/@]*@", "", place.rstrip("/"))  # a password has no place in a message
    try:
        # No listing and no connection of an earlier store: others write here too, and credentials change.
        files, root = url_to_fs(place.rstrip("/"), use_listings_cache=False, skip_instance_cache=True)
    except ImportError as error:
        driver, extra = EXTRAS.get(scheme, ("", ""))
        how = f"{driver}; install it with: pip install 'mtaa[{extra}]'" if extra else f"a driver: {error}"
        raise InputError(f"MTAA_STORE={shown} needs {how}") from error
    except ValueError as error:
        raise InputError(
            f"MTAA_STORE must be a folder or a URL such as s3://bucket/path or gs://bucket/path, got {shown}"
        ) from error
    return Objects(files, f"{root.rstrip('/')}/{name}", f"{shown}/{name}", shared=scheme != "memory")


class Folder(Store):
    """A local or a network folder. A claim is a file lock, which ends with its process, even by `kill -9`."""

    def __init__(self, folder: Path):
        self.folder, self.place = folder, str(folder)

    def exists(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def names(self, folder: str) -> set[str]:
        return {f"{folder}/{path.name}" for path in (self.folder / folder).glob("[!.]*") if path.is_file()}

    @contextmanager
    def fetched(self, name: str) -> Iterator[Path]:
        yield self.folder / name

    @contextmanager
    def written(self, name: str) -> Iterator[Path]:
        yield self.folder / name

    def drop(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        path = self.folder / name
        if path.is_file():
            yield False
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        claim = path.with_name(f".{path.stem}.claim")
        try:
            with FileLock(claim, blocking=False):
                yield not path.is_file()  # it may have been finished between the first look and the claim
        except Timeout:
            yield False
            return
        if path.is_file():
            claim.unlink(missing_ok=True)
