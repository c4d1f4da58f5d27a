"""Shards as Parquet: labels, measures, `(adversarial − clean) mod 256`; clean images once, in a table of their own."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from math import prod
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import mtaa
from mtaa.core import files
from mtaa.core.errors import IntegrityError

SCHEMA_VERSION = "1"
WEIGHTS = "victim_sha256"  # a fact of a shard: that of the source model's weights which its examples were made on
PART_BYTES = 64 * 2**20  # pixels in memory at a time where a table is written or read in parts, a row group each
Shape = tuple[int, int, int]

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


class BrokenError(IntegrityError):
    """A shard that is cut off, or changed so that it can't be read."""


def pixels_column(pixels: np.ndarray) -> pa.Array:
    """Images (n, C, H, W) uint8 as one fixed-size binary an image."""
    flat = np.ascontiguousarray(pixels).reshape(len(pixels), -1)
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(flat.shape[1]), len(flat), [None, pa.py_buffer(flat)])


def pixels_array(column: pa.ChunkedArray, shape: Shape) -> np.ndarray:
    """Images (n, C, H, W) uint8 of a fixed-size binary column."""
    parts = [
        np.frombuffer(chunk.buffers()[1], np.uint8).reshape(-1, *shape)[chunk.offset : chunk.offset + len(chunk)]
        for chunk in column.chunks
    ]
    return np.concatenate(parts) if parts else np.empty((0, *shape), np.uint8)


def rows_a_part(shape: Shape) -> int:
    """How many images (C, H, W) a part holds."""
    return max(1, PART_BYTES // prod(shape))


def write(path: Path, columns: dict[str, pa.Array], shape: Shape, facts: dict[str, str]) -> None:
    """Write one table, whole or not at all. `facts` go into the file's metadata with the version and the geometry."""
    write_parts(path, [columns], shape, facts)


def write_parts(path: Path, parts: Iterable[dict[str, pa.Array]], shape: Shape, facts: dict[str, str]) -> None:
    """`write` for a table too large to hold: its parts (at least one), made one after the other as they are written."""
    metadata = {"schema": SCHEMA_VERSION, "generator": mtaa.__version__, "shape": ",".join(map(str, shape)), **facts}
    with files.atomic(path) as temporary, ExitStack() as stack:
        writer = None
        for columns in parts:
            table = pa.table(columns).replace_schema_metadata(metadata)
            if writer is None:
                writer = stack.enter_context(pq.ParquetWriter(temporary, table.schema, compression="zstd"))
            writer.write_table(table)


def read(path: Path, columns: list[str] | None = None) -> tuple[pa.Table, Shape]:
    """A table, or some columns of it, and the shape (C, H, W) of its images.

    Raises `IntegrityError` on a broken or foreign file.
    """
    file, shape = _opened(path)
    with _whole(path):
        return file.read(columns=columns), shape


def read_parts(path: Path) -> Iterator[pa.Table]:
    """A table part by part. Raises `IntegrityError` on a broken or foreign file."""
    file, _ = _opened(path)
    yield from (file.read_row_group(place) for place in range(file.num_row_groups))


def weights(table: pa.Table) -> str:
    """What the source model was of a shard that was read; empty where it does not say."""
    found: bytes = (table.schema.metadata or {}).get(WEIGHTS.encode(), b"")
    return found.decode()


def _opened(path: Path) -> tuple[pq.ParquetFile, Shape]:
    with _whole(path):
        file = pq.ParquetFile(path, memory_map=True)
        metadata = file.schema_arrow.metadata or {}
        channels, height, width = map(int, metadata[b"shape"].split(b","))
    if metadata[b"schema"] != SCHEMA_VERSION.encode():
        raise IntegrityError(f"{path.name} has schema {metadata[b'schema'].decode()}, expected {SCHEMA_VERSION}")
    return file, (channels, height, width)


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise BrokenError(
            f"{path.name} is not a whole shard ({reason}); run mtaa generate, which makes it again"
        ) from error
