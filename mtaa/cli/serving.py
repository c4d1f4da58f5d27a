"""`mtaa up`: the app, on this machine's loopback address unless people log in, and a worker for its jobs."""

import errno
import os
import socket
import subprocess
import sys
from typing import Annotated

import typer

from mtaa.cli import exposing
from mtaa.core import paths
from mtaa.core.errors import InputError

ADDRESS = "127.0.0.1"


def up(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="The port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="The address to listen on; any but loopback needs a log-in.")] = ADDRESS,
    host: Annotated[list[str] | None, typer.Option(help="A name under which others reach the app.")] = None,
    trust_header: Annotated[
        str, typer.Option(help="Header in which a proxy that strips it from requests names who logged in there.")
    ] = "",
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Only the app; jobs wait for a worker.")] = False,
) -> None:
    """Start the app, by default on 127.0.0.1, with one worker, and print its address. Ctrl-C stops both."""
    options = exposing.options(address, trust_header, host or [])
    _check_free(address, port)
    shown = f"[{address}]" if ":" in address else address
    print(f"mtaa is at http://{shown}:{port} (Ctrl-C stops it)", flush=True)
    if not no_worker:
        # The app takes this process's place below, and so is the parent that the worker lives no longer than.
        subprocess.Popen([sys.executable, "-m", "mtaa.cli", "worker", "--parent", str(os.getpid())])
    os.chdir(paths.ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "app.serve", "--server.port", str(port), *options])


def _check_free(address: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise InputError(
                    f"port {port} must be free, got one in use; stop what runs there or give --port"
                ) from error
            raise InputError(f"--address must be one of this machine's, got {address}; give another") from error
