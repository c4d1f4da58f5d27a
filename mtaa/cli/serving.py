"""`mtaa up`: the app on this machine's loopback address, and a worker for its jobs."""

import os
import socket
import subprocess
import sys
from typing import Annotated

import typer

from mtaa.core import paths
from mtaa.core.errors import InputError

ADDRESS = "127.0.0.1"


def up(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="The port to listen on.")] = 8501,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Only the app; jobs wait for a worker.")] = False,
) -> None:
    """Start the app on 127.0.0.1 with one worker, and print its address. Ctrl-C stops both."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise InputError(
                f"port {port} must be free, got one in use; stop what runs there or give --port"
            ) from error
    print(f"mtaa is at http://{ADDRESS}:{port} (Ctrl-C stops it)", flush=True)
    if not no_worker:
        # The app takes this process's place below, and so is the parent that the worker lives no longer than.
        subprocess.Popen([sys.executable, "-m", "mtaa.cli", "worker", "--parent", str(os.getpid())])
    os.chdir(paths.ROOT)
    command = [sys.executable, "-m", "app.serve", "--server.port", str(port)]
    os.execv(sys.executable, [*command, "--server.address", ADDRESS])
