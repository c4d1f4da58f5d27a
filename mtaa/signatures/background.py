"""Maps made in a process of their own, which outlives the page and the app that asked. Free of torch.

The job engine is not used: a map would wait there for a worker, and behind hours of retraining, while a person looks
at the page; and it needs nothing that the engine is for. It is one step, made in seconds to minutes, whole or not.
"""

import contextlib
import os
import subprocess
import sys
import time

from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.signatures import made
from mtaa.signatures.desk import Desk, UnderWay, under_way
from mtaa.signatures.maps import Layout
from mtaa.signatures.request import MapRequest

_END_SECONDS = 5.0
_children: dict[str, subprocess.Popen[bytes]] = {}  # those this process started: only they can be ended at once


def start(card: Card, request: MapRequest) -> str:
    """Have a map made; its key. One that is there or under way is not started again.

    Raises `InputError` while another map is made: each takes a core for minutes.
    """
    key = request.key(card)
    if made.path(key).is_file():
        return key
    busy = [one for one in running() if one.state != "failed"]
    if any(one.key == key for one in busy):
        return key
    if busy:
        raise InputError("maps must be made one at a time, got another under way; wait for it or cancel it")
    desk = Desk(key)
    desk.clear()
    now = time.time()
    desk.tell(
        UnderWay(key=key, request=request, weights_sha256=card.weights_sha256, state="starting", task="", told=now)
    )
    threads = str(max(1, (os.cpu_count() or 1) - 1))
    environment = {**os.environ, "OMP_NUM_THREADS": threads, "NUMBA_NUM_THREADS": threads}
    with desk.log.open("wb") as log:
        _children[key] = subprocess.Popen(
            [sys.executable, "-m", "mtaa.cli", *arguments(card.name, request)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=environment,
            start_new_session=True,  # a Ctrl-C meant for the app does not end it
        )
    return key


def arguments(checkpoint: str, request: MapRequest) -> list[str]:
    """The command that makes the map."""
    layout: Layout = request.layout
    values = {
        "checkpoint": checkpoint,
        "method": request.method,
        "dimensions": request.dimensions,
        "features": request.features,
        "seed": layout.seed,
        **{name.replace("_", "-"): value for name, value in layout.of(request.method).items()},
    }
    return ["map", *(part for name, value in values.items() for part in (f"--{name}", str(value)))]


def running() -> list[UnderWay]:
    """Maps under way or failed, of all checkpoints."""
    for child in _children.values():
        child.poll()  # one that ended is not kept as a zombie
    return [_of_child(one) for one in under_way()]


def cancel(key: str) -> None:
    """Stop a map, and forget what failed. One that another app started ends at its next step."""
    desk, child = Desk(key), _children.pop(key, None)
    if child is not None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_END_SECONDS)
    if desk.is_taken():
        desk.stop.touch()
    else:
        desk.clear()


def _of_child(one: UnderWay) -> UnderWay:
    """A process that ended before it could tell why has said so on its last line."""
    child, log = _children.get(one.key), Desk(one.key).log
    if child is None or not child.poll() or one.state == "failed":
        return one
    lines = (log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []) or [""]
    error = lines[-1].removeprefix("mtaa: ") or f"the map's process must end well, got exit code {child.returncode}"
    return one.model_copy(update={"state": "failed", "error": error})
