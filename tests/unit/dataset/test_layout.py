import mmap
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from mtaa.dataset import manifest, shards
from mtaa.dataset.examples import Examples, forget
from mtaa.dataset.read import export, read_export, read_split
from mtaa.images import open_source
from mtaa.scenario import Scenario

SHAPE = (1, 28, 28)


def test_parts_are_row_groups_and_one_part_is_the_whole(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (10, *SHAPE), np.uint8)
    parts = [
        {"index": pa.array(range(10)[s]), "clean": shards.pixels_column(pixels[s])} for s in (slice(7), slice(7, 10))
    ]
    shards.write_parts(tmp_path / "parts.parquet", parts, SHAPE, {})
    found = list(shards.read_parts(tmp_path / "parts.parquet"))
    assert [len(part) for part in found] == [7, 3]
    table, shape = shards.read(tmp_path / "parts.parquet")
    assert shape == SHAPE
    np.testing.assert_array_equal(shards.pixels_array(table.column("clean"), shape), pixels)


def test_a_column_can_be_read_alone(tmp_path: Path) -> None:
    shards.write(tmp_path / "x.parquet", {"index": pa.array([3]), "seed": pa.array([4])}, SHAPE, {})
    assert shards.read(tmp_path / "x.parquet", ["index"])[0].column_names == ["index"]


def test_clean_images_in_many_parts_read_alike(
    generated: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = read_split(generated, "test")
    shutil.copytree(manifest.folder(generated) / "shards", tmp_path / manifest.folder(generated).name / "shards")
    monkeypatch.setattr("mtaa.core.paths.datasets", lambda: tmp_path)
    monkeypatch.setattr(shards, "PART_BYTES", 7 * 28 * 28)
    place = manifest.store(generated)
    manifest.complete(generated, place, open_source(generated.images))
    with place.fetched("clean-test.parquet") as path:
        assert max(len(part) for part in shards.read_parts(path)) == 7
    assert manifest.verify(generated).faults == []
    found = read_split(generated, "test")
    for name in Examples.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    export(found, generated.attack_labels, generated.victim_labels, tmp_path / "test.parquet")
    again = read_export(tmp_path / "test.parquet", generated.attack_labels, generated.victim_labels)
    np.testing.assert_array_equal(again.images, expected.images)


def test_only_small_columns_are_held_in_memory(generated: Scenario) -> None:
    examples = read_split(generated, "train")
    for name in ("images", "clean", "source", "control"):
        assert isinstance(getattr(examples, name).base, mmap.mmap)


def test_an_unfinished_lay_out_is_done_again(generated: Scenario) -> None:
    expected = np.array(read_split(generated, "test").images)
    folder = manifest.folder(generated) / "cache"
    cache = next(path for path in folder.iterdir() if path.name.startswith("test-"))
    (cache / "done").unlink()
    (cache / "images.npy").write_bytes(b"cut")
    np.testing.assert_array_equal(read_split(generated, "test").images, expected)
    assert not (cache / "table.npy").exists()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux")
def test_a_walk_through_a_map_leaves_nothing_in_memory(tmp_path: Path) -> None:
    def resident() -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssFile:"))

    np.save(tmp_path / "pixels.npy", np.ones((64, 2**20), np.uint8))
    pixels = np.load(tmp_path / "pixels.npy", mmap_mode="r")
    before = resident()
    assert pixels.sum() == pixels.size
    assert resident() - before > 48 * 2**20
    forget(pixels)
    assert resident() - before < 8 * 2**20
    assert pixels[63, -1] == 1
    forget(np.array(pixels[0]))  # nothing mapped, nothing to do
