"""Memory that a process had once is kept by it, where the C library would hand it back at every step."""

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
_LARGEST = 2**31 - 1


def keep_pages() -> bool:
    """Have glibc keep freed blocks of any size, for this process and from now on; whether it could.

    By default it maps each block above 32 MB anew and unmaps it when freed, so that the kernel zeroes the same pages at
    every gradient step. In a process that does nothing but attack, that is a tenth of the time and more. The process
    then stays as large as it ever was.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    return mallopt is not None and all(mallopt(*pair) for pair in ((_M_MMAP_MAX, 0), (_M_TRIM_THRESHOLD, _LARGEST)))
