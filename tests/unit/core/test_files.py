from pathlib import Path

import pytest

from mtaa.core import files
from mtaa.core.errors import IntegrityError


def test_interrupted_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "record.json"
    files.write_json(target, {"a": 1})

    def stopped() -> None:
        with files.atomic(target) as temporary:
            temporary.write_text("half")
            raise RuntimeError("stopped in the middle")

    with pytest.raises(RuntimeError):
        stopped()
    assert files.read_json(target) == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["record.json"]


def test_broken_json_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text("{")
    with pytest.raises(IntegrityError, match=r"card\.json"):
        files.read_json(tmp_path / "card.json")


def test_canonical_hash_ignores_order_only() -> None:
    assert files.canonical_hash({"a": 1, "b": [1, 2]}) == files.canonical_hash({"b": [1, 2], "a": 1})
    assert files.canonical_hash({"a": [1, 2]}) != files.canonical_hash({"a": [2, 1]})


def test_sha256_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert files.sha256_file(tmp_path / "x") == files.sha256_bytes(b"abc")
    assert files.sha256_bytes(b"abc").startswith("ba7816bf")
