"""`mtaa checkpoint`, in processes of its own, on a made-up shelf."""

import json
from pathlib import Path

import pytest

from mtaa.core import card as cards
from tests.unit.cli.test_cli import mtaa
from tests.unit.core.test_active import add, remove


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundled checkpoint and another."""
    for name in ("home", "checkpoints", "results"):
        monkeypatch.setenv(f"MTAA_{name.upper()}", str(tmp_path / name))
    for name in ("mnist", "zeta"):
        add(tmp_path, name)
    return tmp_path


def test_one_is_made_active_and_back_again(shelf: Path) -> None:
    assert "zeta is active; before it was mnist" in mtaa("checkpoint", "activate", "zeta").stdout
    listed = json.loads(mtaa("checkpoint", "list", "--json").stdout)
    assert {row["name"]: (row["active"], row["kind"]) for row in listed["checkpoints"]} == {
        "mnist": (False, "bundled"),
        "zeta": (True, "added"),
    }
    (change,) = listed["history"]
    assert (change["name"], change["before"], bool(change["who"])) == ("zeta", "mnist", True)
    assert "mnist is active" in mtaa("checkpoint", "rollback").stdout
    assert mtaa("checkpoint", "list").returncode == 0


def test_the_active_one_judges_where_none_is_named(shelf: Path) -> None:
    mtaa("checkpoint", "activate", "zeta")
    remove(shelf, "zeta")
    image = shelf / "image.png"
    image.write_bytes(b"")
    result = mtaa("attribute", str(image))
    assert result.returncode == 2
    assert "active checkpoint zeta is no longer there" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("activate", "zta"), "checkpoint 'zta' is unknown; did you mean zeta"),
        (("rollback",), "a checkpoint must have been active before this one"),
        (("export", "zta"), "checkpoint 'zta' is unknown"),
        (("import", "nowhere.zip"), "checkpoint to import must be a folder or a zip, got nowhere.zip"),
        (("delete", "mnist", "--yes"), "comes with mtaa"),
        (("delete", "zeta"), "deleting must be confirmed, got no terminal"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(shelf: Path, arguments: tuple[str, ...], said: str) -> None:
    result = mtaa("checkpoint", *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_deleting_takes_a_yes(shelf: Path) -> None:
    result = mtaa("checkpoint", "delete", "zeta", "--yes")
    assert result.returncode == 0, result.stderr
    assert not (shelf / "checkpoints" / "zeta" / cards.CARD).exists()
