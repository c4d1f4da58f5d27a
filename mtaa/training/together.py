"""Starting the processes that train together on this machine, as `torchrun --standalone` would."""

import os
import sys
import uuid

import torch
from torch.distributed.elastic.multiprocessing import SignalException
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
from torch.distributed.launcher.api import LaunchConfig, elastic_launch

from mtaa.core.errors import Cancelled, InputError, MtaaError


def count(devices: str) -> int:
    """How many processes are asked for: one a GPU, and without a GPU as many as are named. Raises `InputError`."""
    gpus = torch.cuda.device_count()
    if devices == "auto":
        return max(1, gpus)
    if not devices.isdigit() or not int(devices) or (gpus and int(devices) > gpus):
        raise InputError(f"--devices must be auto or 1 to {gpus or 'the number of cores'}, got {devices}")
    return int(devices)


def run(processes: int, arguments: list[str]) -> None:
    """Run `mtaa ARGUMENTS` in so many processes until all have ended. Raises `MtaaError` where one fails."""
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // processes)))
    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=processes,
        run_id=uuid.uuid4().hex,
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        max_restarts=0,
    )
    try:
        elastic_launch(config, sys.executable)("-m", "mtaa.cli", *arguments)
    except SignalException as error:
        raise Cancelled(str(error)) from error
    except ChildFailedError as error:
        rank, failure = error.get_first_failure()
        raise MtaaError(
            f"every training process must live to its end, got exit code {failure.exitcode} of process {rank}; its "
            "lines say why, and --resume goes on from the last whole epoch"
        ) from error
