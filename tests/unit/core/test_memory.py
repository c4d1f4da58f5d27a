"""Blocks that were freed are not zeroed by the kernel again."""

import subprocess
import sys

import pytest

from mtaa.core.memory import keep_pages

PROGRAM = """
import ctypes, resource
from mtaa.core.memory import keep_pages
if {kept}:
    assert keep_pages()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
def once():
    block = libc.malloc(64 << 20)
    ctypes.memset(block, 1, 64 << 20)
    libc.free(block)
once()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5): once()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(kept: bool) -> int:
    command = [sys.executable, "-c", PROGRAM.format(kept=kept)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own setting")
def test_pages_stay() -> None:
    assert faults(kept=False) > 50  # without it every block comes anew, in pages of 4 kB or 2 MB
    assert faults(kept=True) < 5


def test_elsewhere_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert not keep_pages()
