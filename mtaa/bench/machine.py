"""What a timing depends on besides the code: the machine, and the memory of this process."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import torch

import mtaa
from mtaa.bench.contestants import CONTESTANTS
from mtaa.bench.record import Environment

_PROCESS = Path("/proc/self")
# Linux: this written to clear_refs sets the peak back to what is resident now.
_RESET = "5"


def environment(place: torch.device, peers: list[str], left_out: dict[str, str]) -> Environment:
    """This machine and the device that computes, and the versions of the peers that run."""
    return Environment(
        date=datetime.now(UTC).date().isoformat(),
        device=torch.cuda.get_device_name(place) if place.type == "cuda" else place.type,
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        threads=torch.get_num_threads(),
        vectors=torch.backends.cpu.get_cpu_capability(),
        system=platform.platform(),
        python=platform.python_version(),
        torch=torch.__version__,
        code_version=mtaa.__version__,
        peers={name: CONTESTANTS[name].version for name in peers},
        left_out=left_out,
    )


def reset_peak_memory() -> None:
    """Measure the peak anew from here on, where the system can."""
    try:
        (_PROCESS / "clear_refs").write_text(_RESET)
    except OSError:
        return


def peak_memory() -> int | None:
    """Largest resident memory of this process (bytes) since the last reset; None where Linux does not tell."""
    try:
        lines = (_PROCESS / "status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), None)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()
