"""Both kinds of store keep one promise; leases are tried on fsspec's memory, and for real in test_s3.py."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pytest

from mtaa.core import files
from mtaa.core.errors import InputError, IntegrityError, MtaaError
from mtaa.dataset import manifest, plan
from mtaa.dataset.generate import generate
from mtaa.dataset.objects import CLAIMS, Objects
from mtaa.dataset.read import read_split
from mtaa.dataset.store import Folder, Store, open_store
from mtaa.scenario import Scenario

NAME = "shards/x-0000.parquet"


@pytest.fixture
def memory() -> Iterator[str]:
    """A place in fsspec's memory that is empty before and after."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield "memory://bucket/path"
    system.store.clear()
    system.pseudo_dirs[:] = [""]


@pytest.fixture(params=["folder", "file://", "memory://"])
def place(request: pytest.FixtureRequest, tmp_path: Path, memory: str) -> str:
    return {"folder": str(tmp_path), "file://": f"file://{tmp_path}", "memory://": memory}[request.param]


def put(store: Store, name: str, text: str) -> None:
    with store.written(name) as path:
        files.write_text(path, text)


def test_a_file_is_there_once_it_is_whole(place: str) -> None:
    store = open_store(place, "smoke")
    assert not store.exists(NAME)
    assert store.names("shards") == set()
    with store.written(NAME) as path:
        assert path.name == "x-0000.parquet"
        files.write_text(path, "whole")
    assert store.exists(NAME)
    assert open_store(place, "smoke").names("shards") == {NAME}
    assert open_store(place, "other").names("shards") == set()
    with store.fetched(NAME) as path:
        assert path.read_text() == "whole"


def test_what_fails_on_the_way_is_not_there(place: str) -> None:
    store = open_store(place, "smoke")
    with pytest.raises(ZeroDivisionError), store.written(NAME):
        raise ZeroDivisionError
    assert not store.exists(NAME)


def test_a_claim_is_one_at_a_time_and_ends(place: str) -> None:
    one, other = open_store(place, "smoke"), open_store(place, "smoke")
    with one.claim(NAME) as mine, other.claim(NAME) as theirs, other.claim("shards/y.parquet") as next_one:
        assert (mine, theirs, next_one) == (True, False, True)
    with pytest.raises(ZeroDivisionError), one.claim(NAME):
        raise ZeroDivisionError
    with other.claim(NAME) as mine:
        assert mine
        put(other, NAME, "whole")
    with one.claim(NAME) as mine:
        assert not mine
    assert one.names(CLAIMS) == set()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A monotonic clock that stands still until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr("mtaa.dataset.objects.time", type("Clock", (), {"monotonic": lambda: now[0]}))
    return now


def claimed_by_the_dead(store: Objects) -> None:
    store._system.pipe_file(store._key(f"{CLAIMS}/x-0000.0"), store._content(7), mode="create")


def test_the_claim_of_the_dead_runs_out_for_one_of_those_who_wait(memory: str, clock: list[float]) -> None:
    dead, one, other = (open_store(memory, "smoke") for _ in range(3))
    assert isinstance(dead, Objects)
    claimed_by_the_dead(dead)
    for _ in range(3):
        for store in (one, other):
            with store.claim(NAME) as mine:
                assert not mine
        clock[0] += 29
    with one.claim(NAME) as mine, other.claim(NAME) as theirs:
        assert (mine, theirs) == (True, False)
    assert one.names(CLAIMS) == set()


def test_whoever_lives_keeps_the_claim(memory: str, clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_LEASE", "1")
    one, other = open_store(memory, "smoke"), open_store(memory, "smoke")
    with one.claim(NAME) as mine:
        assert mine
        for _ in range(3):
            with other.claim(NAME) as theirs:
                assert not theirs
            clock[0] += 10
            time.sleep(0.6)  # one beats four times a second


def test_a_refused_create_is_told_from_one_that_was_sent_twice(memory: str) -> None:
    one, other = open_store(memory, "smoke"), open_store(memory, "smoke")
    assert isinstance(one, Objects)
    assert isinstance(other, Objects)
    assert one._create("claims/x.0")
    assert one._create("claims/x.0")
    assert not other._create("claims/x.0")


def test_a_scenario_is_made_checked_and_read_through_objects(
    generated: Scenario, memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local, expected = manifest.verify(generated), read_split(generated, "test")
    monkeypatch.setenv("MTAA_STORE", memory)
    monkeypatch.setattr("mtaa.core.paths.datasets", lambda: tmp_path)
    store = generate(generated, workers=2)  # in one process all the same: no other would see its memory
    assert store.place == f"{memory}/{manifest.folder(generated).name}"
    assert store.names("shards") == {manifest.file_of(shard) for shard in plan.shards(generated)}
    assert store.names(CLAIMS) == set()
    found = manifest.verify(generated)
    assert (found.data_sha256, found.bytes, found.faults) == (local.data_sha256, local.bytes, [])
    read = read_split(generated, "test")
    for name in expected.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(read, name), getattr(expected, name))
    put(store, "shards/train-pgd-tiny_b-0000.parquet", "spoilt")
    assert manifest.verify(generated).faults == [
        "train-pgd-tiny_b-0000.parquet has another hash than the manifest says"
    ]
    with pytest.raises(IntegrityError, match=r"train-pgd-tiny_b-0000\.parquet has another hash"):
        read_split(generated, "train")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (
            "s4://bucket",
            "MTAA_STORE must be a folder or a URL such as s3://bucket/path or gs://bucket/path, got s4://b",
        ),
        ("abfs://user:secret@box/a", r"MTAA_STORE=abfs://box/a needs a driver: Install adlfs"),
    ],
)
def test_a_url_that_nothing_knows_is_one_sentence(place: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        open_store(place, "smoke")


def test_a_missing_driver_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: Any, **__: Any) -> None:
        raise ImportError("Install gcsfs")

    monkeypatch.setattr("fsspec.core.url_to_fs", absent)
    with pytest.raises(InputError, match=r"needs gcsfs; install it with: pip install 'mtaa\[gcs\]'"):
        open_store("gs://bucket", "smoke")


def test_a_failing_driver_is_one_sentence(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(memory, "smoke")
    assert isinstance(store, Objects)

    def refused(*_: Any, **__: Any) -> None:
        raise RuntimeError("no\nentry")

    monkeypatch.setattr(type(store._system), "info", refused)
    with pytest.raises(
        MtaaError, match=r"store memory://bucket/path/smoke must be open .* RuntimeError: no entry; check"
    ):
        store.exists(NAME)


@pytest.mark.parametrize("given", ["soon", "0", "-1", "nan"])
def test_a_lease_is_a_time(given: str, memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_LEASE", given)
    with pytest.raises(InputError, match=f"MTAA_LEASE must be 1 to 3600 seconds, got {given}"):
        open_store(memory, "smoke")


def test_a_folder_stays_a_folder(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}", "smoke")
    assert isinstance(store, Folder)
    assert store.folder == tmp_path / "smoke"
