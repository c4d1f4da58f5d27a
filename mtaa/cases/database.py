"""The database under the evidence store: SQLite in WAL mode by default, PostgreSQL by `MTAA_DATABASE_URL`."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session, select

from mtaa.cases import triggers
from mtaa.cases.tables import APPENDED, SCHEMA_VERSION, Base, StoreRow, WordingRow
from mtaa.core.errors import InputError, IntegrityError, MtaaError

VARIABLE = "MTAA_DATABASE_URL"
FILE = "cases.db"
PATIENCE_SECONDS = 10.0
_LOCK = 0x6D746161  # PostgreSQL's advisory lock of all who write evidence: "mtaa"
_WRITES = "mtaa_writes"


class StoreUnavailable(MtaaError):
    """The evidence store can't be used right now; nothing was changed."""


class Database:
    """Sessions on one database. Writers wait for each other, so that the audit trail stays one chain."""

    def __init__(self, folder: Path, url: str | None = None):
        """`folder` holds the SQLite file where neither `url` nor the environment names another database.

        A store of an older schema gets what it lacks; its rows stay as they are. Raises `InputError` on a URL that
        can't be used, `IntegrityError` on a newer schema.
        """
        given = url or os.environ.get(VARIABLE)
        self._url = _checked(given) if given else URL.create("sqlite", database=str(folder / FILE))
        if not given:
            folder.mkdir(parents=True, exist_ok=True)
        self._engine = _engine(self._url)
        self._writer = _writer(self._engine)
        with self._spoken():
            self._prepare()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the store. Raises `StoreUnavailable`."""
        with self._spoken(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is alone in writing, committed when the block ends well. Raises `StoreUnavailable`."""
        with self._spoken(), Session(self._writer) as session, session.begin():
            session.connection()  # the lock is taken before anything is read
            yield session

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _prepare(self) -> None:
        """Make the tables in an empty database, add those an older version had not, and check the version."""
        if self._url.get_backend_name() == "sqlite":
            _to_wal(self._engine)
        with self._writer.begin() as connection:
            if not inspect(connection).has_table(str(StoreRow.__tablename__)):
                self._create(connection)
            elif connection.scalar(text("SELECT schema_version FROM case_store")) == 1:
                self._upgrade(connection)
        with Session(self._engine) as session:
            row = session.exec(select(StoreRow)).one_or_none()
        if row is None or row.schema_version != SCHEMA_VERSION:
            got = "none" if row is None else row.schema_version
            raise IntegrityError(
                f"evidence store must have schema {SCHEMA_VERSION}, got {got}; use the version of mtaa that wrote it"
            )

    def _create(self, connection: Connection) -> None:
        Base.metadata.create_all(connection)
        for statement in triggers.of(connection.dialect.name):
            connection.execute(text(statement))
        connection.execute(
            text("INSERT INTO case_store (id, schema_version) VALUES (1, :version)"), {"version": SCHEMA_VERSION}
        )

    def _upgrade(self, connection: Connection) -> None:
        """From schema 1: wordings of notes were not kept yet."""
        table = str(WordingRow.__tablename__)
        Base.metadata.tables[table].create(connection)
        for statement in triggers.of(connection.dialect.name, {table: APPENDED[table]}):
            connection.execute(text(statement))
        connection.execute(text("UPDATE case_store SET schema_version = 2"))

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        """Turn what the database says into one sentence."""
        try:
            yield
        except DBAPIError as error:
            raise _sentence(error, self._url) from error


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InputError(
            f"{VARIABLE} must be a database URL; give postgresql://user@host/name or sqlite:///file"
        ) from error
    kind = parsed.get_backend_name()
    if kind not in {"sqlite", "postgresql"}:
        raise InputError(f"{VARIABLE} must name SQLite or PostgreSQL, got {kind}; give postgresql://user@host/name")
    if kind == "postgresql":
        try:
            import psycopg  # noqa: F401
        except ImportError as error:
            raise InputError(
                "PostgreSQL needs the package psycopg, which is not installed; pip install 'mtaa[postgres]'"
            ) from error
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        made = create_engine(url, pool_pre_ping=True, isolation_level="REPEATABLE READ")

        @event.listens_for(made, "begin")
        def lock(connection: Connection) -> None:
            if connection.get_execution_options().get(_WRITES):
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS:.0f}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

        return made
    made = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS})

    @event.listens_for(made, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin too late, after what a writer has read
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        connection.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows ASCII alone

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


def _writer(engine: Engine) -> Engine:
    """The same engine for those who write."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_WRITES: True})
    # Under REPEATABLE READ a writer would go on seeing the state from before it got the lock.
    return engine.execution_options(**{_WRITES: True, "isolation_level": "READ COMMITTED"})


def _to_wal(engine: Engine) -> None:
    """Switch the file to write-ahead logging, once; SQLite itself does not wait for others who do the same."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with engine.connect() as connection:
                # On the driver itself: the mode can't be changed within a transaction.
                connection.connection.driver_connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[union-attr]
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise DBAPIError("PRAGMA journal_mode = WAL", None, error) from error
            time.sleep(0.05)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _sentence(error: DBAPIError, url: URL) -> MtaaError:
    said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    if "locked" in said or "lock timeout" in said:
        return StoreUnavailable(
            f"evidence store must be free to write, another process has held it for {PATIENCE_SECONDS:.0f} seconds; "
            "nothing was changed, try again"
        )
    if "not a database" in said or "malformed" in said:
        return IntegrityError(f"evidence store {where} is damaged ({said}); restore it from a backup")
    if "append-only" in said:
        return IntegrityError(f"evidence is only ever appended, got an attempt to change it ({said})")
    return StoreUnavailable(f"evidence store {where} can't be used ({said}); check that it is there and writable")
