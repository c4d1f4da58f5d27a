"""Which workers live: each has a row that it renews every few seconds, and a lock on its name."""

import os
import re
import socket
import time

from filelock import FileLock, Timeout
from sqlalchemy import text

from mtaa.core import paths
from mtaa.core.errors import InputError
from mtaa.jobs import database
from mtaa.jobs.record import Worker

BEAT_SECONDS = 2.0
DEAD_SECONDS = 15.0  # without a beat; work taken from one that only slept is done twice, and harmlessly
_FORGET_SECONDS = 7 * 86_400.0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


def default_name() -> str:
    """This machine's name: a worker restarted here is the same worker, and goes on with what it had."""
    name = re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname())[:50].strip("-._")
    return name or "worker"


def claim(name: str) -> FileLock:
    """Hold the name until the process ends. Raises `InputError` where another worker has it.

    The engine takes two workers of one name for one, and would do the same work in both.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"worker name must be letters, digits, '.', '_' and '-', got {name!r}; choose another")
    folder = paths.jobs() / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{name}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise InputError(f"worker name must be free, got {name} in use; give another: --name NAME") from error
    other = next((worker for worker in workers() if worker.name == name), None)
    if other and other.alive and other.host != socket.gethostname():
        raise InputError(f"worker name must be free, got {name} in use on {other.host}; give another: --name NAME")
    return lock


def beat(name: str, device: str) -> None:
    """Say that this worker lives."""
    values = {"name": name, "host": socket.gethostname(), "process": os.getpid(), "device": device}
    with database.engine(database.url()).begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO mtaa_workers VALUES (:name, :host, :process, :device, {_now()}) ON CONFLICT (name) "
                "DO UPDATE SET host = excluded.host, process = excluded.process, device = excluded.device, "
                "seen = excluded.seen"
            ),
            values,
        )
        connection.execute(text(f"DELETE FROM mtaa_workers WHERE seen < {_now()} - {_FORGET_SECONDS}"))


def leave(name: str) -> None:
    """Say that this worker has stopped; what it had is others' at once."""
    with database.engine(database.url()).begin() as connection:
        connection.execute(text("DELETE FROM mtaa_workers WHERE name = :name"), {"name": name})


def workers() -> list[Worker]:
    """Workers heard of in the last days, those alive first."""
    if not database.ready():
        return []
    with database.reachable(), database.engine(database.url()).connect() as connection:
        rows = connection.execute(text(f"SELECT name, host, process, device, {_now()} - seen FROM mtaa_workers"))
        found = [
            Worker(name=n, host=h, process=p, device=d, seconds_since=max(0.0, s), alive=s < DEAD_SECONDS)
            for n, h, p, d, s in rows
        ]
    return sorted(found, key=lambda worker: (not worker.alive, worker.name))


def alive() -> set[str]:
    """Names of the workers that live."""
    return {worker.name for worker in workers() if worker.alive}


def alive_count() -> int:
    """How many workers live."""
    return len(alive())


def _now() -> str:
    """The database's clock where machines share one, else this machine's."""
    return repr(time.time()) if database.url().startswith("sqlite") else "EXTRACT(EPOCH FROM clock_timestamp())"
