"""A PostgreSQL of the tests' own: a server in a temporary folder, on a free port of this machine, and empty databases.

Debian's package brings the programs (`apt-get install postgresql`); no server of it needs to run.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

OWNER = "mtaa"
ACCOUNT = "postgres"  # that of Debian's package: the server refuses to run as root
PATIENCE = 60.0
PR_SET_PDEATHSIG = 1


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`, of the newest release there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    beside = shutil.which("initdb")
    return Path(beside).resolve().parent if beside else None


@contextmanager
def server(place: Path) -> Iterator[str]:
    """The address of a running server, less the database's name; its programs are in `place`."""
    folder = Path(tempfile.mkdtemp(prefix="mtaa-postgres-"))
    as_whom = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}
    if as_whom:
        shutil.chown(folder, ACCOUNT, ACCOUNT)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, address = folder / "data", f"postgresql://{OWNER}@127.0.0.1:{port}"
    # In the plain C locale Ä would have no small letter, and a search would miss it.
    how = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    create = [place / "initdb", "-D", data, "-U", OWNER, *how]
    settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder), "fsync": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    try:
        subprocess.run(create, check=True, capture_output=True, cwd=folder, **as_whom)  # type: ignore[call-overload]
        with (folder / "log").open("wb") as log:
            command = [place / "postgres", "-D", data, "-p", str(port), *options]
            running = subprocess.Popen(  # type: ignore[call-overload]
                command, stderr=log, cwd=folder, preexec_fn=_end_with_us, **as_whom
            )
        try:
            _until_it_answers(f"{address}/postgres", running, folder / "log")
            yield address
        finally:
            running.terminate()
            running.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(address: str, name: str) -> Iterator[str]:
    """The address of a new, empty database of the server; dropped at the end, whoever is still connected."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        yield f"{address}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def _end_with_us() -> None:
    """On Linux, shut down where the tests are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _until_it_answers(address: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            assert running.poll() is None, log.read_text()
            assert time.monotonic() < ends, log.read_text()
            time.sleep(0.1)
