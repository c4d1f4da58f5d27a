"""Reading a split: laid out once as memory maps on this machine, so that memory stays flat however many there are."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from filelock import FileLock

from mtaa.core import files
from mtaa.dataset import manifest, shards
from mtaa.dataset.examples import Examples
from mtaa.dataset.layout import LABELS, MAPPED, PIXELS, SOURCE, labels, lay_out
from mtaa.scenario.record import Scenario, Split


def read_split(scenario: Scenario, split: Split) -> Examples:
    """One split of a generated scenario, wherever its shards are.

    Raises `InputError` where generation is not complete, `IntegrityError` where a shard is not what was generated.
    """
    document = manifest.read(scenario)
    cache = manifest.folder(scenario) / "cache" / f"{split}-{document['data_sha256'][:12]}"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / ".lock"):  # the processes of one training all ask for it at once
        # One that was laid out before a column was added is laid out anew.
        if not {"done", *(f"{name}.npy" for name in (*PIXELS, *LABELS, SOURCE))} <= {p.name for p in cache.iterdir()}:
            lay_out(manifest.store(scenario), scenario, split, document, cache)
            files.write_text(cache / "done", "")
    names = (*PIXELS, *LABELS, SOURCE)
    return Examples(**{n: np.load(cache / f"{n}.npy", mmap_mode="r" if n in MAPPED else None) for n in names})


def export(examples: Examples, attacks: list[str], victims: list[str], path: Path) -> None:
    """A split as one Parquet file, clean images included, to ship beside a checkpoint."""
    shape = examples.images.shape[1:]
    step = shards.rows_a_part(shape)

    def parts() -> Iterator[dict[str, pa.Array]]:
        for start in range(0, max(1, len(examples)), step):
            part = examples.take(np.arange(start, min(start + step, len(examples))))
            yield {
                "attack": pa.array([attacks[place] for place in part.attack]),
                "victim": pa.array([victims[place] for place in part.victim]),
                "source": pa.array(part.source.tolist()),
                "control": pa.array(part.control.tolist(), pa.string()),
                **{name: pa.array(getattr(part, name)) for name in ("intensity", "achieved", "reached", "fooled")},
                "delta": shards.pixels_column(part.images - part.clean),
                "clean": shards.pixels_column(part.clean),
            }

    shards.write_parts(path, parts(), shape, {})


def read_export(path: Path, attacks: list[str], victims: list[str]) -> Examples:
    """The split that `export` wrote."""
    table, shape = shards.read(path)
    clean = shards.pixels_array(table.column("clean"), shape)
    images = clean + shards.pixels_array(table.column("delta"), shape)
    source = np.array(table.column(SOURCE).to_pylist(), dtype=np.str_)
    return Examples(images=images, clean=clean, source=source, **labels(table, attacks, victims))


def data_hash(scenario: Scenario) -> str:
    """SHA-256 over all shards of a generated scenario."""
    digest: str = manifest.read(scenario)["data_sha256"]
    return digest
