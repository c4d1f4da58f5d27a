"""Which checkpoint is active: the default, changes and their history, rolling back, and what may be deleted."""

from pathlib import Path
from typing import Any

import pytest

from mtaa.core import active, files
from mtaa.core import card as cards
from mtaa.core.errors import InputError, IntegrityError, UnknownNameError

CARD: dict[str, Any] = {
    "description": "",
    "images": {"source": "mnist", "channels": 1, "side": 28},
    "attacks": [],
    "victims": [],
    "symbols": {},
    "intensity_grids": {},
    "reachable_margins": {},
    "network": {},
    "training": {},
    "parameters": 1,
    "flops": 1,
    "scenario_sha256": "ab",
    "data_sha256": "cd",
    "victims_sha256": {},
    "metrics": {},
    "calibration": {
        "attack_temperature": 1,
        "victim_temperature": 1,
        "intensity": {"level": 0.9, "low": {}, "high": {}},
    },
    "test_sha256": "12",
    "licence": "MIT",
    "code_version": "0",
}


def add(root: Path, name: str) -> str:
    """A checkpoint with a few bytes for weights; their hash."""
    folder = root / "checkpoints" / name
    folder.mkdir(parents=True)
    (folder / cards.WEIGHTS).write_bytes(name.encode())
    digest = files.sha256_bytes(name.encode())
    files.write_json(folder / cards.CARD, {**CARD, "name": name, "weights_sha256": digest})
    return digest


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three checkpoints, one of them the bundled one."""
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))
    for name in ("alpha", "mnist", "zeta"):
        add(tmp_path, name)
    return tmp_path


def remove(shelf: Path, name: str) -> None:
    (shelf / "checkpoints" / name / cards.CARD).unlink()


def test_at_first_the_bundled_one_is_active_and_nothing_was_written(shelf: Path) -> None:
    assert active.active() == "mnist"
    assert active.history() == []
    assert active.earlier() is None
    remove(shelf, "mnist")
    assert active.active() == "alpha"


def test_without_any_checkpoint_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path))
    with pytest.raises(InputError, match="must be installed"):
        active.active()


def test_a_change_says_who_when_and_which_weights(shelf: Path) -> None:
    (change,) = active.activate("zeta", "ada")
    assert active.active() == "zeta"
    assert (change.how, change.name, change.before, change.who) == ("activated", "zeta", "mnist", "ada")
    assert change.weights_sha256 == files.sha256_bytes(b"zeta")
    assert change.at.endswith("+00:00")
    assert active.activate("zeta", "ada") == [change]  # it is active already
    assert active.activate("alpha")[-1].who == active.user()


def test_rolling_back_goes_back_step_by_step(shelf: Path) -> None:
    for name in ("alpha", "zeta", "alpha"):
        active.activate(name)
    for expected in ("zeta", "alpha", "mnist"):
        assert active.earlier() == expected
        assert active.roll_back()[-1].how == "rolled back"
        assert active.active() == expected
    with pytest.raises(InputError, match="got none"):
        active.roll_back()
    assert len(active.history()) == 6
    active.activate("zeta")
    assert active.earlier() == "mnist"


def test_rolling_back_passes_over_what_is_gone(shelf: Path) -> None:
    for name in ("alpha", "zeta"):
        active.activate(name)
    remove(shelf, "alpha")
    assert active.earlier() == "mnist"
    active.roll_back()
    assert (active.active(), active.earlier()) == ("mnist", None)


def test_an_active_one_that_is_gone_is_said_and_can_be_left(shelf: Path) -> None:
    active.activate("zeta")
    remove(shelf, "zeta")
    with pytest.raises(IntegrityError, match="zeta is no longer there"):
        active.active()
    active.roll_back()
    assert active.active() == "mnist"


def test_broken_weights_and_unknown_names_are_not_made_active(shelf: Path) -> None:
    (shelf / "checkpoints" / "zeta" / cards.WEIGHTS).write_bytes(b"other")
    with pytest.raises(IntegrityError, match="another hash"):
        active.activate("zeta")
    with pytest.raises(UnknownNameError):
        active.activate("../zeta")
    assert active.active() == "mnist"


@pytest.mark.parametrize("document", ["{", "[]", '{"changes": [{"name": "zeta"}]}', '{"schema_version": 2}'])
def test_a_broken_history_is_refused(shelf: Path, document: str) -> None:
    (shelf / "home").mkdir()
    (shelf / "home" / "active.json").write_text(document)
    with pytest.raises(IntegrityError, match=r"active\.json"):
        active.active()


def test_only_what_is_neither_bundled_nor_active_is_deleted(shelf: Path) -> None:
    active.activate("zeta")
    with pytest.raises(InputError, match="must not be active"):
        active.delete("zeta")
    with pytest.raises(InputError, match="comes with mtaa"):
        active.delete("mnist")
    with pytest.raises(UnknownNameError):
        active.delete("nothing")
    active.delete("alpha")
    assert sorted(path.name for path in (shelf / "checkpoints").iterdir()) == ["mnist", "zeta"]


@pytest.mark.parametrize("name", ["", "-", "a/b", "..", "victims", "a b", "ä", "x" * 65, ".hidden"])
def test_a_name_that_can_be_no_folder_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="checkpoint name must be"):
        cards.check_name(name)


def test_usual_names_are_fine() -> None:
    for name in ("mnist", "mine-2", "A_b", "x" * 64):
        cards.check_name(name)
