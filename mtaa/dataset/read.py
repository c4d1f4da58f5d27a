"""Reading a split: shards are laid out once as memory maps, so that memory stays flat however many there are."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.lib.format import open_memmap

from mtaa.core import files
from mtaa.dataset import manifest, shards
from mtaa.dataset.examples import Examples
from mtaa.scenario.record import Scenario, Split

_LABEL_FIELDS = ("attack", "victim", "intensity", "achieved", "reached", "fooled", "source")


def read_split(scenario: Scenario, split: Split) -> Examples:
    """One split of a generated scenario. Raises `InputError` where generation is not complete."""
    root, document = manifest.folder(scenario), manifest.read(scenario)
    rows = [entry for entry in document["shards"] if entry["name"].startswith(f"{split}-")]
    cache = root / "cache" / f"{split}-{document['data_sha256'][:12]}"
    if not (cache / "done").is_file():
        _lay_out(root, split, rows, cache, scenario)
    pixels = {name: np.load(cache / f"{name}.npy", mmap_mode="r") for name in ("images", "clean")}
    labels = {name: np.load(cache / f"{name}.npy") for name in _LABEL_FIELDS}
    return Examples(**pixels, **labels)


def _lay_out(root: Path, split: Split, listed: list[dict[str, object]], cache: Path, scenario: Scenario) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    shape = (scenario.images.channels, scenario.images.side, scenario.images.side)
    clean_table, _ = shards.read(root / f"clean-{split}.parquet")
    clean_index = clean_table.column("index").to_numpy()
    clean_pixels = shards.pixels_array(clean_table.column("clean"), shape)
    total = sum(int(str(entry["rows"])) for entry in listed)
    pixels = {n: open_memmap(cache / f"{n}.npy", "w+", np.uint8, (total, *shape)) for n in ("images", "clean")}
    collected: dict[str, list[np.ndarray]] = {name: [] for name in _LABEL_FIELDS}
    filled = 0
    for entry in listed:
        table, _ = shards.read(root / "shards" / f"{entry['name']}.parquet")
        place = slice(filled, filled + len(table))
        clean = clean_pixels[np.searchsorted(clean_index, table.column("index").to_numpy())]
        pixels["clean"][place] = clean
        pixels["images"][place] = clean + shards.pixels_array(table.column("delta"), shape)
        for name, values in _labels(table, scenario.attack_labels, scenario.victim_labels).items():
            collected[name].append(values)
        filled += len(table)
    for array in pixels.values():
        array.flush()
    for name, parts in collected.items():
        np.save(cache / f"{name}.npy", np.concatenate(parts), allow_pickle=False)
    files.write_text(cache / "done", "")


def _labels(table: pa.Table, attacks: list[str], victims: list[str]) -> dict[str, np.ndarray]:
    def places(column: str, names: list[str]) -> np.ndarray:
        return np.array([names.index(name) for name in table.column(column).to_pylist()], np.int64)

    plain = {name: table.column(name).to_numpy() for name in ("intensity", "achieved", "reached", "fooled")}
    source = np.array(table.column("source").to_pylist(), dtype=np.str_)
    return {"attack": places("attack", attacks), "victim": places("victim", victims), "source": source, **plain}


def export(examples: Examples, attacks: list[str], victims: list[str], path: Path) -> None:
    """A split as one Parquet file, clean images included, to ship beside a checkpoint."""
    columns = {
        "attack": pa.array([attacks[place] for place in examples.attack]),
        "victim": pa.array([victims[place] for place in examples.victim]),
        "source": pa.array(examples.source.tolist()),
        **{name: pa.array(getattr(examples, name)) for name in ("intensity", "achieved", "reached", "fooled")},
        "delta": shards.pixels_column(np.asarray(examples.images) - np.asarray(examples.clean)),
        "clean": shards.pixels_column(np.asarray(examples.clean)),
    }
    shards.write(path, columns, examples.images.shape[1:], {})


def read_export(path: Path, attacks: list[str], victims: list[str]) -> Examples:
    """The split that `export` wrote."""
    table, shape = shards.read(path)
    clean = shards.pixels_array(table.column("clean"), shape)
    images = clean + shards.pixels_array(table.column("delta"), shape)
    return Examples(images=images, clean=clean, **_labels(table, attacks, victims))


def data_hash(scenario: Scenario) -> str:
    """SHA-256 over all shards of a generated scenario."""
    digest: str = manifest.read(scenario)["data_sha256"]
    return digest
