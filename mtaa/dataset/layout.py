"""Laying out a split for training: its shards become .npy files on this machine, to be mapped into memory.

Nothing here holds more than a part of the pixels. The files are filled from front to end, not through a map, whose
pages would count as this process's memory.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mtaa.core import files
from mtaa.core.errors import IntegrityError
from mtaa.dataset import shards
from mtaa.dataset.examples import PIXELS, forget
from mtaa.dataset.store import Store
from mtaa.scenario.record import Scenario, Split

CONTROL = np.dtype("U24")
LABELS = {
    "attack": np.int64,
    "victim": np.int64,
    "intensity": np.float32,
    "achieved": np.float32,
    "reached": np.bool_,
    "fooled": np.bool_,
    "control": CONTROL,
}
SOURCE = "source"
MAPPED = (*PIXELS, "control", SOURCE)  # by training left on disk; the other columns are a few bytes an example
_TABLE = "table.npy"


def lay_out(store: Store, scenario: Scenario, split: Split, document: dict[str, Any], cache: Path) -> None:
    """Fill `cache` with one file each of `PIXELS`, `LABELS` and `SOURCE`, rows in the order of the manifest `document`.

    Raises `IntegrityError` where a file is not the one that the manifest names.
    """
    cache.mkdir(parents=True, exist_ok=True)
    shape = (scenario.images.channels, scenario.images.side, scenario.images.side)
    listed = [entry for entry in document["shards"] if entry["name"].startswith(f"{split}-")]
    total = sum(entry["rows"] for entry in listed)
    sources: list[pa.ChunkedArray] = []
    known = {entry["name"]: entry for entry in document["clean"]}
    with ExitStack() as stack:
        kinds = dict.fromkeys(PIXELS, np.uint8) | LABELS
        rows = {name: (total, *shape) if name in PIXELS else (total,) for name in kinds}
        columns = {name: stack.enter_context(_npy(cache / f"{name}.npy", kinds[name], rows[name])) for name in kinds}
        table = _Clean(store, known[f"clean-{split}"], cache / _TABLE, shape) if listed else None
        for entry in listed:
            assert table is not None
            with _checked(store, entry, f"shards/{entry['name']}.parquet") as path:
                shard, _ = shards.read(path)
            clean = table.images(shard.column("index").to_numpy())
            found = {"clean": clean, "images": clean + shards.pixels_array(shard.column("delta"), shape)}
            found |= labels(shard, scenario.attack_labels, scenario.victim_labels)
            for name, file in columns.items():
                file.write(found[name].astype(kinds[name], copy=False).tobytes())
            sources.append(shard.column(SOURCE))
    (cache / _TABLE).unlink(missing_ok=True)
    _write_sources(cache / f"{SOURCE}.npy", sources, total)


def labels(table: pa.Table, attacks: list[str], victims: list[str]) -> dict[str, np.ndarray]:
    """The columns `LABELS` of a table of examples, names as places in `attacks` and `victims`."""

    def places(column: str, names: list[str]) -> np.ndarray:
        return np.array([names.index(name) for name in table.column(column).to_pylist()], np.int64)

    plain = {name: table.column(name).to_numpy() for name in ("intensity", "achieved", "reached", "fooled")}
    # Only shards of a control name one.
    control = table.column("control").to_pylist() if "control" in table.column_names else [""] * len(table)
    plain["control"] = np.array(control, CONTROL)
    return {"attack": places("attack", attacks), "victim": places("victim", victims), **plain}


class _Clean:
    """The clean images of a split, unpacked into a file of their own to be picked from."""

    def __init__(self, store: Store, entry: dict[str, Any], target: Path, shape: shards.Shape):
        indices = []
        with (
            _checked(store, entry, f"{entry['name']}.parquet") as path,
            _npy(target, np.uint8, (entry["rows"], *shape)) as file,
        ):
            for part in shards.read_parts(path):
                indices.append(part.column("index").to_numpy())
                file.write(shards.pixels_array(part.column("clean"), shape).tobytes())
        self._index, self._pixels = np.concatenate(indices), np.load(target, mmap_mode="r")

    def images(self, wanted: np.ndarray) -> np.ndarray:
        """Images (n, C, H, W) uint8 of the source's indices (n,)."""
        found = np.array(self._pixels[np.searchsorted(self._index, wanted)])
        forget(self._pixels)
        return found


@contextmanager
def _checked(store: Store, entry: dict[str, Any], name: str) -> Iterator[Path]:
    with store.fetched(name) as path:
        if files.sha256_file(path) != entry["sha256"]:
            raise IntegrityError(
                f"{path.name} has another hash than the manifest says; run mtaa generate, which makes it again"
            )
        yield path


@contextmanager
def _npy(path: Path, kind: Any, shape: tuple[int, ...]) -> Iterator[BinaryIO]:
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(kind)), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        yield file


def _write_sources(path: Path, sources: list[pa.ChunkedArray], total: int) -> None:
    """Identities as text of fixed width, which numpy needs and Parquet does not."""
    width = max((pc.max(pc.utf8_length(column)).as_py() for column in sources), default=1)
    kind = np.dtype(f"U{width}")
    with _npy(path, kind, (total,)) as file:
        for column in sources:
            file.write(np.array(column.to_pylist(), dtype=kind).tobytes())
