"""Shards as Parquet: labels, measures, `(adversarial − clean) mod 256`; clean images once, in a table of their own."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import mtaa
from mtaa.core import files
from mtaa.core.errors import IntegrityError

SCHEMA_VERSION = "1"

LABELS: list[tuple[str, pa.DataType]] = [
    ("attack", pa.string()),
    ("victim", pa.string()),
    ("intensity", pa.float32()),
    ("achieved", pa.float32()),
    ("linf", pa.float32()),
    ("l2", pa.float32()),
    ("margin", pa.float32()),
    ("reached", pa.bool_()),
    ("fooled", pa.bool_()),
    ("label", pa.int16()),
    ("source", pa.string()),
    ("seed", pa.int64()),
]


def pixels_column(pixels: np.ndarray) -> pa.Array:
    """Images (n, C, H, W) uint8 as one fixed-size binary an image."""
    flat = np.ascontiguousarray(pixels).reshape(len(pixels), -1)
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(flat.shape[1]), len(flat), [None, pa.py_buffer(flat)])


def pixels_array(column: pa.ChunkedArray, shape: tuple[int, int, int]) -> np.ndarray:
    """Images (n, C, H, W) uint8 of a fixed-size binary column."""
    parts = [
        np.frombuffer(chunk.buffers()[1], np.uint8).reshape(-1, *shape)[chunk.offset : chunk.offset + len(chunk)]
        for chunk in column.chunks
    ]
    return np.concatenate(parts) if parts else np.empty((0, *shape), np.uint8)


def write(path: Path, columns: dict[str, pa.Array], shape: tuple[int, int, int], facts: dict[str, str]) -> None:
    """Write one table, whole or not at all. `facts` go into the file's metadata with the version and the geometry."""
    metadata = {"schema": SCHEMA_VERSION, "generator": mtaa.__version__, "shape": ",".join(map(str, shape)), **facts}
    table = pa.table(columns).replace_schema_metadata(metadata)
    with files.atomic(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def read(path: Path) -> tuple[pa.Table, tuple[int, int, int]]:
    """A table and the shape (C, H, W) of its images. Raises `IntegrityError` on a broken or foreign file."""
    try:
        table = pq.read_table(path, memory_map=True)
        metadata = table.schema.metadata or {}
        channels, height, width = map(int, metadata[b"shape"].split(b","))
    except (pa.ArrowInvalid, OSError, KeyError, ValueError) as error:
        raise IntegrityError(f"{path.name} is not a whole shard ({error}); delete it and generate again") from error
    if metadata[b"schema"] != SCHEMA_VERSION.encode():
        raise IntegrityError(f"{path.name} has schema {metadata[b'schema'].decode()}, expected {SCHEMA_VERSION}")
    return table, (channels, height, width)
