"""A map under way: who is at it, how far it is, and how it is asked to stop. Files beside the finished maps."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from mtaa.core import files, paths
from mtaa.core.errors import Cancelled, InputError, IntegrityError, MtaaError
from mtaa.core.progress import Progress
from mtaa.signatures import made
from mtaa.signatures.request import MapRequest

START_SECONDS = 120.0  # a process that loads torch on a busy machine
WRITE_SECONDS = 0.5
_PATIENCE = 5.0  # whoever looks holds the lock for a moment

State = Literal["starting", "running", "failed"]


class UnderWay(BaseModel):
    """What is told of a map that is not there yet: `done` of `total` (0 where it is not known), or what went wrong."""

    model_config = ConfigDict(extra="forbid")

    key: str
    request: MapRequest
    weights_sha256: str
    state: State
    task: str = ""
    done: int = 0
    total: int = 0
    error: str = ""
    told: float


class Desk:
    """The files of the map `key`. The lock, which ends with the process that holds it, says whether one is at it."""

    def __init__(self, key: str):
        folder = made.path(key).parent
        self.key = key
        self.lock_file, self.told = folder / f"{key}.lock", folder / f"{key}.json"
        self.stop, self.log = folder / f"{key}.stop", folder / f"{key}.log"

    def tell(self, of: UnderWay) -> None:
        """Write where the map is."""
        files.write_json(self.told, of.model_dump(mode="json"))

    def read(self) -> UnderWay | None:
        """Where it is; None where nothing is under way. One that died without a word counts as failed."""
        try:
            told = UnderWay.model_validate_json(self.told.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise IntegrityError(f"{self.told.name} in MTAA_HOME/maps is not of this version; delete it") from error
        is_early = told.state == "starting" and time.time() - told.told < START_SECONDS
        if told.state == "failed" or is_early or self.is_taken():
            return told
        reason = "the map must be left to be finished, got a process that ended early; make it again"
        return told.model_copy(update={"state": "failed", "error": reason})

    def is_taken(self) -> bool:
        """Whether a process is at it."""
        try:
            with FileLock(self.lock_file, timeout=0):
                return False
        except Timeout:
            return True

    def clear(self) -> None:
        """Forget what was told. The lock's file stays: to remove it would let two processes hold it."""
        for path in (self.told, self.stop, self.log):
            path.unlink(missing_ok=True)

    @contextmanager
    def work(self, request: MapRequest, weights_sha256: str, listener: Progress) -> Iterator["Telling"]:
        """Be at it: the progress to hand on. Raises `InputError` where another process is."""
        self.lock_file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.lock_file)
        try:
            lock.acquire(timeout=_PATIENCE)
        except Timeout as error:
            raise InputError("a map must be made once, got one that another process is making; wait for it") from error
        of = UnderWay(key=self.key, request=request, weights_sha256=weights_sha256, state="running", told=time.time())
        try:
            yield Telling(self, of, listener)
        except (Cancelled, KeyboardInterrupt):
            self.clear()
            raise
        except Exception as error:
            words = str(error) if isinstance(error, MtaaError) else f"unexpectedly: {type(error).__name__}"
            self.tell(of.model_copy(update={"state": "failed", "error": words}))
            raise
        else:
            self.clear()
        finally:
            lock.release()


class Telling:
    """Progress that the desk's file tells, and another listener hears too."""

    def __init__(self, desk: Desk, of: UnderWay, listener: Progress):
        self._desk, self._of, self._listener = desk, of, listener
        self._done, self._written = 0, 0.0
        self._write()

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        self._listener.start(task, total, unit, done)
        self._of, self._done = self._of.model_copy(update={"task": task, "total": total}), done
        self._write()

    def advance(self, amount: int = 1, message: str = "") -> None:
        self._listener.advance(amount, message)
        self._done += amount
        if time.monotonic() - self._written >= WRITE_SECONDS:
            self._write()

    def finish(self) -> None:
        self._listener.finish()
        self._write()

    def raise_if_cancelled(self) -> None:
        self._listener.raise_if_cancelled()
        if self._desk.stop.exists():
            raise Cancelled("the map was asked to stop")

    def _write(self) -> None:
        self._written = time.monotonic()
        self._desk.tell(self._of.model_copy(update={"done": self._done, "told": time.time()}))


def under_way() -> list[UnderWay]:
    """All maps under way or failed, the newest first."""
    found = [Desk(path.stem).read() for path in paths.maps().glob("*.json")]
    return sorted((one for one in found if one is not None), key=lambda one: -one.told)
