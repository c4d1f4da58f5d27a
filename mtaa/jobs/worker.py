"""A worker: takes pieces of jobs one by one, says that it lives, and takes over what dead workers had."""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading

from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

from mtaa.core.errors import InputError, MtaaError
from mtaa.jobs import database, launch, presence

_TICK_SECONDS = 0.5


def work(name: str = "", device: str = "all", parent: int = 0) -> None:
    """Work until SIGTERM or SIGINT, or until the process `parent` is gone. Raises `MtaaError` in one sentence.

    name: the machine's where it is empty. device: how the list of workers tells it.
    """
    name = name or presence.default_name()
    database.prepare()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with presence.claim(name):
        _launch(name)
        presence.beat(name, device)
        print(f"worker {name} on {socket.gethostname()} is ready", flush=True)
        beating = threading.Thread(target=_beat, args=(name, device, stop), daemon=True)
        beating.start()
        while not stop.wait(_TICK_SECONDS):
            if parent and os.getppid() != parent:
                stop.set()
        launch.end_all()
        beating.join(timeout=presence.BEAT_SECONDS)
        with contextlib.suppress(SQLAlchemyError):
            presence.leave(name)
        print(f"worker {name} stopped; what it was at goes on with the next", flush=True)
        sys.stdout.flush()
        # The engine's own ending would wait for, or write down, work that is only interrupted.
        os._exit(0)


def work_on(gpus: list[int], name: str = "") -> None:
    """One worker process a GPU, each with its share of the cores; ends when asked to, or when one of them fails."""
    base = name or presence.default_name()
    share = str(max(1, launch.cores() // len(gpus)))
    processes = []
    for gpu in gpus:
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": str(gpu), "MTAA_THREADS": share}
        options = ("--name", f"{base}-gpu{gpu}", "--device-name", f"GPU {gpu}", "--parent", str(os.getpid()))
        command = [sys.executable, "-m", "mtaa.cli", "worker", *options]
        processes.append(subprocess.Popen(command, env=environment))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(_TICK_SECONDS) and all(process.poll() is None for process in processes):
        pass
    failed = [process.returncode for process in processes if process.returncode]
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait()
    if failed:
        raise MtaaError(f"every worker must live until it is stopped, got exit code {failed[0]}; its lines say why")


def parse_gpus(text: str) -> list[int]:
    """GPU numbers of a list such as 0,1. Raises `InputError`."""
    parts = text.split(",")
    if not all(part.strip().isdigit() for part in parts) or len({int(part) for part in parts}) != len(parts):
        raise InputError(f"--gpus must be numbers such as 0,1, each once, got {text!r}")
    return [int(part) for part in parts]


def _launch(name: str) -> None:
    from mtaa.jobs import workflow  # noqa: F401  (registers what the engine may be asked for)

    DBOS(
        config={
            "name": database.APPLICATION,
            "system_database_url": database.url(),
            "application_version": database.VERSION,
            "executor_id": name,
            "serializer": database.serializer(),
            "log_level": "WARNING",  # below it the engine advertises its maker's service
        }
    )
    logging.getLogger("dbos").addFilter(_worth_saying)
    DBOS.launch()
    for queue in (database.JOBS, database.PIECES):
        DBOS.register_queue(queue, worker_concurrency=1, polling_interval_sec=0.5, on_conflict="always_update")


def _worth_saying(record: logging.LogRecord) -> bool:
    """What became of a job is told by the job itself, in a sentence; the engine would add its own trace of frames."""
    return not record.getMessage().startswith(("Exception encountered in asynchronous workflow", "Workflow job-"))


def _beat(name: str, device: str, stop: threading.Event) -> None:
    while not stop.wait(presence.BEAT_SECONDS):
        try:
            presence.beat(name, device)
            reap(name)
        except (SQLAlchemyError, MtaaError) as error:
            print(f"mtaa: worker {name} could not say that it lives: {error}", file=sys.stderr, flush=True)


def reap(name: str) -> None:
    """Put what workers had that live no more back into the queue, where the next free worker takes it.

    The engine does that on its own only for a worker that is started again under the same name.
    """
    living = presence.alive() | {name}
    pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    dead = {workflow.executor_id for workflow in pending if workflow.executor_id} - living
    if dead:
        # One statement a workflow, conditional on its dead owner, so that two reapers can't both start it.
        DBOS._recover_pending_workflows(sorted(dead))
