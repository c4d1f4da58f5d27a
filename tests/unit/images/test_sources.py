from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mtaa.core.errors import InputError, IntegrityError
from mtaa.images import idx, open_source
from mtaa.images.mnist import Mnist
from mtaa.scenario.record import SPLITS, ImagesSpec


def write_idx(path: Path, array: np.ndarray) -> None:
    head = bytes([0, 0, 8, array.ndim]) + b"".join(int(size).to_bytes(4, "big") for size in array.shape)
    path.write_bytes(head + array.astype(np.uint8).tobytes())


@pytest.fixture
def small_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mnist:
    folder = tmp_path / "data" / "mnist"
    folder.mkdir(parents=True)
    for part, count in (("train", 300), ("t10k", 40)):
        pixels = np.random.default_rng(count).integers(0, 256, (count, 28, 28))
        write_idx(folder / f"{part}-images-idx3-ubyte", pixels)
        write_idx(folder / f"{part}-labels-idx1-ubyte", np.arange(count) % 10)
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))
    source = open_source(ImagesSpec(source="mnist", channels=1, side=28))
    assert isinstance(source, Mnist)
    return source


def test_mnist_reads_both_parts_in_any_order(small_mnist: Mnist) -> None:
    chosen = np.array([339, 0, 300, 299])
    expected_test = np.random.default_rng(40).integers(0, 256, (40, 28, 28))
    assert small_mnist.pixels(chosen).shape == (4, 1, 28, 28)
    np.testing.assert_array_equal(small_mnist.pixels(chosen)[0, 0], expected_test[39])
    np.testing.assert_array_equal(small_mnist.labels(chosen), [9, 0, 0, 9])
    assert [small_mnist.identity(index) for index in (0, 300)] == ["mnist-train-00000", "mnist-test-00000"]


def test_splits_are_disjoint_complete_and_respect_the_official_test_part(small_mnist: Mnist) -> None:
    parts = [small_mnist.indices(split) for split in SPLITS]
    assert sorted(np.concatenate(parts)) == list(range(340))
    assert set(parts[2]) == set(range(300, 340))


def test_cut_idx_file_is_refused(tmp_path: Path) -> None:
    write_idx(tmp_path / "a", np.zeros((4, 2, 2)))
    (tmp_path / "a").write_bytes((tmp_path / "a").read_bytes()[:-1])
    with pytest.raises(IntegrityError, match="cut short"):
        idx.read(tmp_path / "a")
    (tmp_path / "b").write_bytes(b"\x1f\x8bnothing here")
    with pytest.raises(IntegrityError, match="IDX file"):
        idx.read(tmp_path / "b")


def test_missing_mnist_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))
    with pytest.raises(InputError, match="run: mtaa data fetch mnist"):
        open_source(ImagesSpec(source="mnist", channels=1, side=28))
    with pytest.raises(InputError, match="1 channel of 28 pixels, got 3 of 32"):
        open_source(ImagesSpec(source="mnist", channels=3, side=32))


def test_folder_of_images_by_class(tmp_path: Path) -> None:
    for place, name in enumerate(("cat", "dog")):
        (tmp_path / name).mkdir()
        for index in range(6):
            colour = (40 * index, 100 * place, 200)
            Image.new("RGB", (50 + index, 40), colour).save(tmp_path / name / f"{index}.png")
    spec = ImagesSpec(source="folder", folder=str(tmp_path), channels=3, side=32)
    source = open_source(spec)
    assert (len(source), source.classes) == (12, ["cat", "dog"])
    assert source.pixels(np.array([1, 7])).shape == (2, 3, 32, 32)
    np.testing.assert_array_equal(source.pixels(np.array([7]))[0, :, 0, 0], [40, 100, 200])
    np.testing.assert_array_equal(source.labels(np.arange(12)), [0] * 6 + [1] * 6)
    assert sorted(np.concatenate([source.indices(split) for split in SPLITS])) == list(range(12))


def test_the_same_picture_under_two_names_stays_in_one_split(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Image.new("L", (40, 40), 7).save(tmp_path / name / f"{name}.png")
    source = open_source(ImagesSpec(source="folder", folder=str(tmp_path), channels=1, side=32))
    assert source.identity(0) == source.identity(1)
    assert source.split_of(0) == source.split_of(1)


@pytest.mark.parametrize("folder", [None, "no-such-folder"])
def test_missing_folder_is_one_sentence(folder: str | None) -> None:
    with pytest.raises(InputError, match=r"images\.folder must be a folder"):
        open_source(ImagesSpec(source="folder", folder=folder, channels=3, side=32))
