"""Where jobs are kept: an SQLite file in the home folder, or the PostgreSQL of `MTAA_DATABASE_URL`.

The engine is loaded by who needs it: that takes longer than all else a page does to tell how jobs and workers stand.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy.exc import SQLAlchemyError

from mtaa.core import paths
from mtaa.core.errors import InputError, MtaaError

if TYPE_CHECKING:
    from dbos import DBOSClient, Serializer

APPLICATION = "mtaa"
# The engine gives a worker only jobs of its own version. Raised when the workflows change so that an unfinished job
# of the old ones can't go on; by default it is a hash of code and engine, and an upgrade would strand every job.
VERSION = "1"
JOBS, PIECES = "mtaa-jobs", "mtaa-pieces"  # the queues
RETRAIN, PIECE = "mtaa.retrain", "mtaa.piece"  # the workflows
PATIENCE_SECONDS = 5.0


def url() -> str:
    """The database's address, with the driver that is installed."""
    given = os.environ.get("MTAA_DATABASE_URL", "")
    if not given:
        return f"sqlite:///{paths.jobs() / 'jobs.sqlite'}"
    try:
        address = sqlalchemy.make_url(given)
    except sqlalchemy.exc.ArgumentError as error:
        raise InputError("MTAA_DATABASE_URL must be like postgresql://user:password@host/database") from error
    if address.get_backend_name() != "postgresql":
        raise InputError(
            f"MTAA_DATABASE_URL must name a postgresql database, got {address.get_backend_name()}; unset it for SQLite"
        )
    return address.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def exists() -> bool:
    """Whether there can be jobs at all; where not, nothing needs to be asked."""
    return not url().startswith("sqlite") or (paths.jobs() / "jobs.sqlite").is_file()


def ready() -> bool:
    """Whether its tables are there; a worker or the first job may be making them just now. Raises `MtaaError`."""
    with reachable():
        return exists() and sqlalchemy.inspect(engine(url())).has_table("mtaa_workers")


def serializer() -> "Serializer":
    """How workers and clients write what they pass on; the engine's own default is a pickle."""
    from dbos import DBOSPortableJSONSerializer

    return DBOSPortableJSONSerializer()


def prepare() -> None:
    """Make the database where there is none, and bring its tables up to date. Raises `MtaaError` in one sentence."""
    from dbos import DBOS

    if url().startswith("sqlite"):
        path = paths.jobs() / "jobs.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # whoever can write here decides what workers do
        with _plain() as connection:
            connection.execute("PRAGMA journal_mode=WAL")  # else readers wait seconds for writers
    with reachable():
        DBOS.migrate(url())
        with engine(url()).begin() as connection:
            connection.execute(sqlalchemy.text(_WORKERS))  # last: where it is, all is ready


def client(writing: bool = False) -> "DBOSClient":
    """The connection that asks and steers, one a process; it never runs a job. Raises `MtaaError`."""
    if url().startswith("sqlite") and exists():
        # The engine waits without end for a locked file; a person should rather be told.
        with _plain() as connection:
            connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
            connection.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()
            connection.execute("ROLLBACK")
    with reachable():
        return _client(url())


@cache
def _client(address: str) -> "DBOSClient":
    from dbos import DBOSClient

    if not ready():
        prepare()
    return DBOSClient(
        system_database_url=address,
        serializer=serializer(),
        application_name=APPLICATION,
        retry_connection_errors=False,
    )


@cache
def engine(address: str) -> sqlalchemy.Engine:
    """Connections for the table of workers."""
    arguments = {"timeout": PATIENCE_SECONDS} if address.startswith("sqlite") else {}
    return sqlalchemy.create_engine(address, connect_args=arguments, pool_pre_ping=True)


_WORKERS = """
    CREATE TABLE IF NOT EXISTS mtaa_workers (
        name VARCHAR(200) PRIMARY KEY, host VARCHAR(200), process INTEGER, device VARCHAR(200), seen DOUBLE PRECISION
    )
"""


@contextmanager
def _plain() -> Iterator[sqlite3.Connection]:
    """An SQLite connection that waits a little for others and then says so."""
    connection = sqlite3.connect(paths.jobs() / "jobs.sqlite", timeout=PATIENCE_SECONDS, isolation_level=None)
    try:
        yield connection
    except sqlite3.Error as error:
        raise MtaaError(_sentence(error)) from error
    finally:
        connection.close()


@contextmanager
def reachable() -> Iterator[None]:
    """Turns what a database can't do into one sentence."""
    try:
        yield
    except SQLAlchemyError as error:
        raise MtaaError(_sentence(getattr(error, "orig", None) or error)) from error


def _sentence(error: BaseException) -> str:
    place = "jobs.sqlite" if url().startswith("sqlite") else "MTAA_DATABASE_URL"
    reason = str(error).strip().splitlines()[0]
    if "locked" in reason:
        return f"the job database {place} must be free, got one locked by another program; end that, then try again"
    return f"the job database {place} must be usable, got: {reason}"
