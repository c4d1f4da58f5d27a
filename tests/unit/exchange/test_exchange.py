"""A checkpoint survives export and import to the byte; whatever is wrong with one is refused, and leaves no trace."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mtaa.core import card as cards
from mtaa.core.errors import InputError, IntegrityError, UnknownNameError
from mtaa.exchange import contents, pack, unpack
from tests.unit.exchange.conftest import copy, digest, zeros


def parts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def zipped(content: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    buffer.seek(0)
    return buffer


def edited(made: Path, **changes: Any) -> dict[str, bytes]:
    """The checkpoint's parts with a card that was changed."""
    found = parts(made)
    card = json.loads(found[cards.CARD])
    return found | {cards.CARD: json.dumps({**card, **changes}).encode()}


def assert_refused(shelf: Path, archive: io.BytesIO, match: str) -> None:
    before = sorted(path.name for path in shelf.iterdir())
    with pytest.raises(InputError, match=match):
        unpack.from_zip(archive, "new")
    assert sorted(path.name for path in shelf.iterdir()) == before


def test_a_zip_brings_every_byte_back(shelf: Path, made: Path) -> None:
    archive = pack.as_zip("small")
    assert archive == pack.as_zip("small")
    card = unpack.from_zip(io.BytesIO(archive), "again")
    assert card.name == "again"
    there, back = parts(made), parts(shelf / "again")
    assert {name: data for name, data in back.items() if name != cards.CARD} == {
        name: data for name, data in there.items() if name != cards.CARD
    }
    assert json.loads(back[cards.CARD]) == {**json.loads(there[cards.CARD]), "name": "again"}
    assert pack.as_zip("small") == archive


def test_the_bytes_depend_on_no_clock_and_no_copy(shelf: Path, made: Path, tmp_path: Path) -> None:
    archive = pack.as_zip("small")
    for path in (shelf / "small").iterdir():
        path.touch()
        path.chmod(0o600)
    assert pack.as_zip("small") == archive
    target = pack.export("small", tmp_path / "out" / "small.zip")
    assert target.read_bytes() == archive


def test_a_folder_comes_and_goes_too(shelf: Path, made: Path, tmp_path: Path) -> None:
    folder = pack.export("small", tmp_path / "out")
    assert parts(folder) == parts(made)
    assert unpack.from_folder(folder, "again").name == "again"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoints", "out"]


def test_without_a_map_it_travels_too(shelf: Path, made: Path) -> None:
    content = edited(made, signatures_sha256="")
    del content[cards.SIGNATURES]
    unpack.from_zip(zipped(content), "again")
    assert cards.SIGNATURES not in zipfile.ZipFile(io.BytesIO(pack.as_zip("again"))).namelist()


def test_what_is_broken_or_in_the_way_is_not_exported(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        pack.as_zip("../small")
    (tmp_path / "there.zip").write_bytes(b"")
    with pytest.raises(InputError, match="target must be new"):
        pack.export("small", tmp_path / "there.zip")
    weights = shelf / "small" / cards.WEIGHTS
    weights.write_bytes(weights.read_bytes() + b"x")
    with pytest.raises(IntegrityError, match="another hash"):
        pack.export("small", tmp_path / "new.zip")
    assert not (tmp_path / "new.zip").exists()


def test_a_name_that_exists_is_refused(shelf: Path, made: Path) -> None:
    with pytest.raises(InputError, match="name must be new, got small"):
        unpack.from_zip(zipped(parts(made)))
    with pytest.raises(InputError, match="checkpoint name must be"):
        unpack.from_zip(zipped(parts(made)), "../small")
    with pytest.raises(InputError, match="checkpoint name must be"):
        unpack.from_zip(zipped(edited(made, name="../../etc")))
    assert [path.name for path in shelf.iterdir()] == ["small"]


@pytest.mark.parametrize(
    "name", ["../card.json", "/etc/passwd", "x/card.json", "..\\card.json", "run.py", "card.json/"]
)
def test_unknown_files_and_paths_are_refused(shelf: Path, made: Path, name: str) -> None:
    assert_refused(shelf, zipped(parts(made) | {name: b"x"}), "files must be those of a checkpoint")


def test_a_file_that_is_there_twice_is_refused(shelf: Path, made: Path) -> None:
    archive = zipped(parts(made))
    with zipfile.ZipFile(archive, "a") as opened, pytest.warns(UserWarning, match="Duplicate"):
        opened.writestr(cards.CARD, b"{}")
    archive.seek(0)
    assert_refused(shelf, archive, "must be there once")


def test_a_link_in_a_zip_is_refused(shelf: Path, made: Path) -> None:
    content = parts(made)
    del content[cards.SCENARIO]
    archive = zipped(content)
    with zipfile.ZipFile(archive, "a") as opened:
        entry = zipfile.ZipInfo(cards.SCENARIO)
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        opened.writestr(entry, "/etc/passwd")
    archive.seek(0)
    assert_refused(shelf, archive, "must be a plain file")


def test_a_link_in_a_folder_is_refused(shelf: Path, made: Path, tmp_path: Path) -> None:
    folder = copy(made, tmp_path / "linked")
    (folder / cards.SCENARIO).unlink()
    (folder / cards.SCENARIO).symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="must be a plain file"):
        unpack.from_folder(folder, "new")
    with pytest.raises(InputError, match="must be a folder or a zip"):
        unpack.from_folder(tmp_path / "nowhere", "new")
    assert [path.name for path in shelf.iterdir()] == ["small"]


def test_what_expands_beyond_all_measure_is_refused(shelf: Path, made: Path) -> None:
    bomb = parts(made) | {cards.WEIGHTS: zeros(40_000_000)}
    assert_refused(shelf, zipped(bomb, zipfile.ZIP_DEFLATED), "must expand to at most 8 times")


def test_a_file_above_its_limit_is_refused_whatever_the_header_says(
    shelf: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(contents.LARGEST, cards.SCENARIO, 100)
    assert_refused(shelf, zipped(parts(made)), r"scenario\.yaml must have at most 100 bytes")


def test_what_is_no_zip_is_refused(shelf: Path, made: Path) -> None:
    assert_refused(shelf, io.BytesIO(b"something"), "must be a whole zip")
    whole = zipped(parts(made)).getvalue()
    assert_refused(shelf, io.BytesIO(whole[:-200]), "must be a whole zip")
    place = whole.index(cards.WEIGHTS.encode()) + 5000
    assert_refused(shelf, io.BytesIO(whole[:place] + b"\xff\x00" + whole[place + 2 :]), "must be a whole zip")


@pytest.mark.parametrize("file", [cards.WEIGHTS, cards.TEST_SPLIT, cards.SIGNATURES])
def test_a_byte_that_differs_is_found(shelf: Path, made: Path, file: str) -> None:
    content = parts(made)
    content[file] = content[file][:-1] + bytes([content[file][-1] ^ 1])
    assert_refused(shelf, zipped(content), f"{file} must have the hash of its card")


def test_another_scenario_is_found(shelf: Path, made: Path) -> None:
    content = parts(made)
    content[cards.SCENARIO] = content[cards.SCENARIO].replace(b"seed: 0", b"seed: 1")
    assert_refused(shelf, zipped(content), r"scenario\.yaml must have the hash of its card")


@pytest.mark.parametrize("text", [b"a: &a [1]\nb: *a", b"\xff", b"[", b"x" * 200, b"{" * 3000])
def test_what_is_no_scenario_is_refused(shelf: Path, made: Path, text: bytes) -> None:
    assert_refused(shelf, zipped(parts(made) | {cards.SCENARIO: text}), r"scenario\.yaml")


@pytest.mark.parametrize("file", [cards.CARD, cards.WEIGHTS, cards.SCENARIO, cards.TEST_SPLIT, cards.SIGNATURES])
def test_a_file_that_is_missing_is_named(shelf: Path, made: Path, file: str) -> None:
    content = parts(made)
    del content[file]
    assert_refused(shelf, zipped(content), f"must hold .*{file}" if file == cards.CARD else f"called {file}")


def test_a_map_that_the_card_does_not_name_is_refused(shelf: Path, made: Path) -> None:
    assert_refused(shelf, zipped(edited(made, signatures_sha256="")), r"signatures\.npz as well")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schema_version": cards.SCHEMA_VERSION + 1}, "update mtaa"),
        ({"schema_version": "1"}, "must be the card of a checkpoint"),
        ({"surprise": 1}, "must be the card of a checkpoint"),
        ({"metrics": {"overall": {"attack_accuracy": 1}}}, "must be the card of a checkpoint"),
        ({"images": {"source": "digits", "channels": 1, "side": 10**6}}, "at most 1024 pixels"),
        ({"images": {"source": "digits", "channels": 1, "side": 32}}, "images of the card's size"),
        ({"symbols": {}}, "attacks and victims of its scenario"),
        ({"attacks": ["fgsm", "pgd"]}, "attacks and victims of its scenario"),
        ({"network": {"backbone": "forensic", "widths": [10**5] * 4}}, "wide alone has more"),
        ({"network": {"backbone": "nowhere"}}, "no such network"),
        ({"network": {"layers": 3}}, "no such network"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(shelf: Path, made: Path, changes: dict[str, Any], said: str) -> None:
    assert_refused(shelf, zipped(edited(made, **changes)), said)


@pytest.mark.parametrize("text", [b"{", b"[]", b"[" * 100_000, b"\xff\xfe", b"{}"])
def test_what_is_no_card_is_refused(shelf: Path, made: Path, text: bytes) -> None:
    assert_refused(shelf, zipped(parts(made) | {cards.CARD: text}), r"card\.json must be the card")


@pytest.mark.parametrize(
    ("file", "field", "said"),
    [
        (cards.WEIGHTS, "weights_sha256", "must be the weights of the network"),
        (cards.TEST_SPLIT, "test_sha256", "must be a test split"),
        (cards.SIGNATURES, "signatures_sha256", "must be a map of signatures"),
        (cards.ESTIMATOR, "estimator_sha256", "must be an estimator"),
    ],
)
def test_a_card_that_vouches_for_something_else_is_refused(
    shelf: Path, made: Path, tmp_path: Path, file: str, field: str, said: str
) -> None:
    (tmp_path / "pickle").write_bytes(b"\x80\x04cos\nsystem\n")
    content = edited(made, **{field: digest(tmp_path / "pickle")}) | {file: (tmp_path / "pickle").read_bytes()}
    assert_refused(shelf, zipped(content), said)


def test_weights_of_another_network_are_refused(shelf: Path, made: Path) -> None:
    card = json.loads((made / cards.CARD).read_bytes())
    wider = {**card["network"], "widths": [4, 4, 4, 8]}
    assert_refused(shelf, zipped(edited(made, network=wider)), "has the shape")


def test_a_failure_on_the_last_step_leaves_nothing(shelf: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    rename: Callable[[Path, Path], Path] = failing
    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="No space"):
        unpack.from_zip(zipped(parts(made)), "new")
    assert [path.name for path in shelf.iterdir()] == ["small"]
