"""Files in an object store (S3, Google Cloud Storage, whatever fsspec knows), claimed by leases.

A claim on a file is a small object, `claims/<file>.<number>`, made by an exclusive create: S3 and Google refuse the
second (fsspec's mode "create": `If-None-Match: *`, `ifGenerationMatch=0`). While its owner lives, a thread rewrites it
with the next beat. Whoever finds the same beat for longer than the lease that it states takes the file over, by an
exclusive create of the next number, so that of several who do only one succeeds.

No two clocks are compared: the time without a beat is taken on the watcher's own monotonic clock, so machines may
disagree about the hour by any amount. An owner that was only stopped for longer than its lease makes its file a second
time; both write the same bytes. A store of another kind, whose driver looks and then writes where it should create, can
let two owners in at the same instant, with the same harmless outcome.
"""

import json
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from mtaa.core.errors import InputError, MtaaError
from mtaa.dataset.store import Store

CLAIMS = "claims"
LEASE_SECONDS = 60.0
BEATS = 4  # in the time of one lease, so that three may be lost on the way


class Objects(Store):
    """What lies under `root` of an fsspec file system. Every file passes through a temporary one on this machine."""

    leases = True

    def __init__(self, system: Any, root: str, place: str, shared: bool = True):
        self._system, self._root, self.place, self.shared = system, root, place, shared
        self._owner, self._lease = uuid.uuid4().hex, lease_seconds()
        self._seen: dict[str, tuple[bytes, float]] = {}

    def exists(self, name: str) -> bool:
        with self._told():
            try:
                return bool(self._system.info(self._key(name))["type"] == "file")
            except FileNotFoundError:  # fsspec's own `exists` takes any error, even of the network, for an absence
                return False

    def names(self, folder: str) -> set[str]:
        with self._told():
            try:
                listed = self._system.ls(self._key(folder), detail=False)
            except FileNotFoundError:
                return set()
        return {f"{folder}/{PurePosixPath(path).name}" for path in listed}

    @contextmanager
    def fetched(self, name: str) -> Iterator[Path]:
        with _scratch(name) as path:
            with self._told():
                self._system.get_file(self._key(name), str(path))
            yield path

    @contextmanager
    def written(self, name: str) -> Iterator[Path]:
        with _scratch(name) as path:
            yield path
            with self._told():
                self._system.put_file(str(path), self._key(name))

    def drop(self, name: str) -> None:
        with self._told(), suppress(FileNotFoundError):
            self._system.rm_file(self._key(name))

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        claims = self._take(name)
        if not claims:
            yield False
            return
        over = threading.Event()
        beating = threading.Thread(target=self._beat, args=(claims[-1], over), daemon=True)
        beating.start()
        try:
            yield not self.exists(name)  # it may have been finished between the first look and the claim
        finally:
            over.set()
            beating.join()
            for claim in claims:
                self.drop(claim)

    def _take(self, name: str) -> list[str]:
        """The claims on `name` that are this process's to remove, the last one its own; none where it has no claim."""
        if self.exists(name):
            return []
        stem = f"{CLAIMS}/{PurePosixPath(name).stem}"
        numbers = sorted(int(claim.rpartition(".")[2]) for claim in self.names(CLAIMS) if _stem(claim) == stem)
        if numbers and not self._is_dead(f"{stem}.{numbers[-1]}"):
            return []
        numbers.append(numbers[-1] + 1 if numbers else 0)
        mine = f"{stem}.{numbers[-1]}"
        return [f"{stem}.{number}" for number in numbers] if self._create(mine) else []

    def _is_dead(self, claim: str) -> bool:
        with self._told():
            try:
                content = self._system.cat_file(self._key(claim))
            except FileNotFoundError:
                return False  # its owner has just finished
            seen, since = self._seen.get(claim, (b"", 0.0))
            if seen != content:
                self._seen[claim] = (content, time.monotonic())
                return False
            return time.monotonic() - since > float(json.loads(content)["lease"])

    def _create(self, claim: str) -> bool:
        with self._told():
            content = self._content(0)
            try:
                self._system.pipe_file(self._key(claim), content, mode="create")
                return True
            except OSError as error:
                # A refusal is a FileExistsError, but from some of S3's kin a plain one, and in a tie a conflict.
                if isinstance(error, FileExistsError) or self.exists(claim):
                    with suppress(FileNotFoundError):
                        # A request sent anew after a broken connection is refused for its own first try.
                        return bool(self._system.cat_file(self._key(claim)) == content)
                    return False
                if "Conflict" in str(error):
                    return False
                raise

    def _beat(self, claim: str, over: threading.Event) -> None:
        beat = 0
        while not over.wait(self._lease / BEATS):
            beat += 1
            # Drivers raise errors of any family. A beat may be lost; where too many are, the lease runs out.
            with suppress(Exception):
                self._system.pipe_file(self._key(claim), self._content(beat))

    def _content(self, beat: int) -> bytes:
        return json.dumps({"owner": self._owner, "beat": beat, "lease": self._lease}).encode()

    def _key(self, name: str) -> str:
        return f"{self._root}/{name}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Drivers raise errors of many families; whoever runs the command gets one sentence."""
        try:
            yield
        except Exception as error:
            words = " ".join(str(error).split()) or "no reason given"
            raise MtaaError(
                f"store {self.place} must be open to reading and writing, got {type(error).__name__}: {words}; check "
                "MTAA_STORE, the bucket and the credentials; what was finished is kept"
            ) from error


def lease_seconds() -> float:
    """How long a claim holds without a beat: `MTAA_LEASE`, or a minute. Raises `InputError` on what is no time."""
    given = os.environ.get("MTAA_LEASE", str(LEASE_SECONDS))
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 3600:
        raise InputError(f"MTAA_LEASE must be 1 to 3600 seconds, got {given}; correct it or leave it out")
    return seconds


def _stem(claim: str) -> str:
    return claim.rpartition(".")[0]


@contextmanager
def _scratch(name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mtaa-") as folder:
        yield Path(folder) / PurePosixPath(name).name
