"""A job's folder: its request, a progress file a process, its log, and what training needs to go on."""

import re
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from mtaa.core import files, paths
from mtaa.core.errors import InputError
from mtaa.jobs.record import Curves, JobRequest, Progress

LOG_BYTES = 1_000_000
WAIT_SECONDS = 5.0
_ID = re.compile(r"job-[0-9a-f]{12}")


class JobFolder:
    """The folder of the job `job`, an id such as job-0123456789ab. Nothing is made until something is written."""

    def __init__(self, job: str):
        if not _ID.fullmatch(job):
            raise InputError(f"job must be an id such as job-0123456789ab, got {job!r}; see: mtaa list jobs")
        self.path = paths.jobs() / job
        self.training, self.checkpoint = self.path / "training", self.path / "checkpoint"
        self.network, self.log = self.path / "network.safetensors", self.path / "log.txt"
        self.scratch, self.replay = self.path / "scratch", self.path / "replay.yaml"

    def write_request(self, request: JobRequest) -> None:
        """What the processes of the job read."""
        files.write_json(self.path / "request.json", request.model_dump(mode="json"))

    def request(self) -> JobRequest:
        """The job's request."""
        return JobRequest.model_validate(files.read_json(self.path / "request.json"))

    def progress_file(self, piece: str) -> Path:
        """Where the process that does `piece` tells how far it is."""
        return self.path / "progress" / f"{piece}.json"

    def progress(self, piece: str) -> list[Progress]:
        """What each process of `piece` said last; of one that has only begun, nothing."""
        found = sorted((self.path / "progress").glob(f"{piece}.[0-9]*.json"))
        return [Progress.model_validate(files.read_json(path)) for path in found]

    def forget_progress(self, piece: str) -> None:
        """Drop what an earlier attempt at `piece` said."""
        for path in (self.path / "progress").glob(f"{piece}.[0-9]*.json"):
            path.unlink(missing_ok=True)

    def lock(self, piece: str) -> FileLock:
        """Held by the process that does `piece`: a worker thought dead may still be at it. Ends with the process."""
        path = self.path / "locks" / f"{piece}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(path)

    def curves(self) -> Curves:
        """Losses and validation figures of the three tasks, a row an epoch; none before the first epoch ends."""
        path = self.training / "curves.json"
        return files.read_json(path) if path.is_file() else []

    def append_log(self, text: bytes) -> None:
        """Add to the log and keep it bounded: past `LOG_BYTES` the older half goes."""
        self.path.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path / "log.lock"):
            with self.log.open("ab") as file:
                file.write(text)
            if self.log.stat().st_size > LOG_BYTES:
                kept = self.log.read_bytes()[-LOG_BYTES // 2 :]
                with files.atomic(self.log) as temporary:
                    temporary.write_bytes(kept[kept.find(b"\n") + 1 :])

    def log_tail(self, lines: int) -> list[str]:
        """The last lines of the log, at most `lines`."""
        if not self.log.is_file():
            return []
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]

    def delete(self) -> None:
        """Remove the folder once the last process at work in it has ended. Raises `InputError` where one does not."""
        for path in (self.path / "locks").glob("*.lock"):
            try:
                with FileLock(path, timeout=WAIT_SECONDS):
                    pass
            except Timeout as error:
                raise InputError(f"job {self.path.name} must be at rest, got one still ending; try again") from error
        shutil.rmtree(self.path, ignore_errors=True)
