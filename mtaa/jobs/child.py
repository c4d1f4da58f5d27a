"""The process that does one piece of a job: `python -m mtaa.jobs.child JOB STAGE PART ARGUMENT`.

It speaks as the commands do: a JSON document on stdout, all else on stderr, and exit code 2 after one sentence.
"""

import ctypes
import json
import os
import signal
import sys
import traceback

from filelock import FileLock, Timeout

from mtaa.core.errors import Cancelled, MtaaError
from mtaa.jobs.failing import sentence
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.telling import Telling

CANCELLED = 130
_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """On Linux, end when the worker does, even by `kill -9`; elsewhere the lock on the piece keeps order."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(CANCELLED)


def main() -> None:
    """Do the piece, and say how it went."""
    parent, job, stage, part, argument = sys.argv[1:]
    die_with(int(parent))
    said = os.dup(1)
    os.dup2(2, 1)  # what a library prints belongs in the log
    folder = JobFolder(job)
    piece = f"{stage}.{argument}" if argument else stage
    telling = Telling(folder.progress_file(f"{piece}.{part}"))
    try:
        if folder.request().device == "cpu":
            os.environ["CUDA_VISIBLE_DEVICES"] = ""  # before anything asks; Lightning takes what it sees
        from mtaa.jobs.stages import DOING

        lock = folder.lock(f"{piece}.{part}")
        while not _taken(lock):
            telling.raise_if_cancelled()
        outcome = DOING[stage](folder, telling, argument, int(part))
    except Cancelled:
        sys.exit(CANCELLED)
    except Exception as error:
        if not isinstance(error, MtaaError):
            traceback.print_exc()
        print(f"mtaa: {sentence(error, stage)}", file=sys.stderr, flush=True)
        sys.exit(2)
    os.write(said, json.dumps(outcome).encode())


def _taken(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0.5)
    except Timeout:
        return False
    return True


if __name__ == "__main__":
    main()
