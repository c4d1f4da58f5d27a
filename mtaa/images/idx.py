"""The IDX format of MNIST and its relatives, read as a memory map."""

from pathlib import Path

import numpy as np

from mtaa.core.errors import IntegrityError

_UNSIGNED_BYTE = 0x08


def read(path: Path) -> np.ndarray:
    """The array in an uncompressed IDX file of bytes, mapped rather than loaded. Raises `IntegrityError`."""
    head = path.open("rb").read(16)
    if len(head) < 8 or head[:2] != b"\0\0" or head[2] != _UNSIGNED_BYTE:
        raise IntegrityError(f"{path.name} must be an IDX file of bytes; fetch the data set again")
    dimensions = head[3]
    shape = tuple(np.frombuffer(head, ">u4", count=dimensions, offset=4).astype(int))
    offset = 4 + 4 * dimensions
    if path.stat().st_size != offset + int(np.prod(shape)):
        raise IntegrityError(f"{path.name} is cut short or too long; fetch the data set again")
    return np.memmap(path, dtype=np.uint8, mode="r", offset=offset, shape=shape)
