"""Maps that were asked for: their keys, and that only whole ones of this checkpoint are read."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtaa.core import paths
from mtaa.core.errors import InputError, IntegrityError
from mtaa.signatures import made
from mtaa.signatures.made import Made, MadeOf
from mtaa.signatures.maps import Layout
from mtaa.signatures.request import MapRequest
from tests.unit.signatures.conftest import CARD

REQUEST = MapRequest(method="umap", dimensions=3, features="layer2", layout=Layout(neighbours=8))


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))


def one(**changed: Any) -> Made:
    values: dict[str, Any] = {
        "key": REQUEST.key(CARD),
        "weights_sha256": CARD.weights_sha256,
        "test_sha256": CARD.test_sha256,
        "request": REQUEST,
        "sample": 20,
        "neighbours": 5,
        "whole": {"attack_knn": 1.0},
        "drawn": {"attack_knn": 0.9, "victim_silhouette": None},
        "seconds": 1.5,
    }
    return Made(MadeOf(**(values | changed)), np.arange(60, dtype=np.float32).reshape(20, 3))


def test_what_was_kept_is_read() -> None:
    made.save(one())
    found = made.read(REQUEST.key(CARD), CARD)
    assert found.of == one().of
    assert (found.points == one().points).all()
    assert made.kept(CARD) == ([found.of], [])
    made.delete(found.of.key)
    assert made.kept(CARD) == ([], [])
    with pytest.raises(InputError, match="got none; make it anew"):
        made.read(found.of.key, CARD)


def test_only_parameters_that_its_method_reads_tell_maps_apart() -> None:
    def key(**changed: Any) -> str:
        return REQUEST.model_copy(update={"layout": Layout(neighbours=8, **changed)}).key(CARD)

    assert key(perplexity=99) == key()
    assert len({key(), key(min_dist=0.5), key(seed=1), REQUEST.model_copy(update={"dimensions": 2}).key(CARD)}) == 4
    assert REQUEST.key(CARD.model_copy(update={"weights_sha256": "00"})) != key()


def test_maps_of_other_weights_are_not_listed_and_not_read() -> None:
    made.save(one())
    other = CARD.model_copy(update={"weights_sha256": "00"})
    assert made.kept(other) == ([], [])
    with pytest.raises(IntegrityError, match="is not of the weights"):
        made.read(REQUEST.key(CARD), other)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x80\x04N."])
def test_a_broken_file_is_told(content: bytes) -> None:
    made.save(one())
    (paths.maps() / ("0" * 16 + ".npz")).write_bytes(content)
    found, faults = made.kept(CARD)
    assert len(found) == 1
    assert "is not a whole map of this version; delete it" in faults[0]
    with pytest.raises(IntegrityError, match="not a whole map"):
        made.read("0" * 16, CARD)


def test_a_pickle_is_never_opened() -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (pytest.fail, ("a pickle was opened",))

    made.save(one())
    path = made.path(REQUEST.key(CARD))
    with np.load(path) as stored:
        of = stored["of"]
    np.savez(path, of=of, points=np.array([Bomb()], dtype=object))
    with pytest.raises(IntegrityError, match="not a whole map"):
        made.read(REQUEST.key(CARD), CARD)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "0" * 15, "G" * 16])
def test_what_is_typed_never_becomes_a_path(key: str) -> None:
    with pytest.raises(InputError, match="16 hexadecimal digits"):
        made.read(key, CARD)
    with pytest.raises(InputError, match="16 hexadecimal digits"):
        made.delete(key)
