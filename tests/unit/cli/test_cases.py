"""`mtaa report` and `mtaa cases`, as they are called."""

import json
import os
from pathlib import Path

import pytest

from mtaa.cases.database import VARIABLE
from mtaa.cases.store import Store
from mtaa.core import paths
from mtaa.core.files import sha256_bytes, sha256_file
from tests.unit.cases.conftest import finding, png
from tests.unit.cli.test_cli import mtaa

pytestmark = pytest.mark.usefixtures("bundled")
SAMPLE = paths.ROOT / "assets" / "samples" / "fgsm-vgg16-150.png"


@pytest.fixture
def number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A case with an image in the store under `tmp_path`."""
    monkeypatch.delenv(VARIABLE, raising=False)
    store = Store(tmp_path / "cases")
    number = store.open_case("Street sign", [finding(1)])
    store.close()
    return number


def test_images_are_reported_with_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        result = mtaa("report", str(SAMPLE), "--out", str(tmp_path / name), home=tmp_path)
        assert result.returncode == 0, result.stderr
        assert sha256_file(tmp_path / name) in result.stdout
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert text == (tmp_path / "b.html").read_text(encoding="utf-8")
    assert sha256_file(SAMPLE) in text


def test_a_case_is_listed_reported_and_verified(number: int, tmp_path: Path) -> None:
    listed = mtaa("cases", "list", "street", "--json", home=tmp_path)
    assert [case["number"] for case in json.loads(listed.stdout)["cases"]] == [number]
    assert "Street sign" in mtaa("cases", "list", home=tmp_path).stdout
    out = tmp_path / "case.json"
    result = mtaa("report", "--case", str(number), "--out", str(out), home=tmp_path)
    assert result.returncode == 0, result.stderr
    assert json.loads(out.read_text(encoding="utf-8"))["title"] == "Street sign"
    checked = mtaa("cases", "verify", "--json", home=tmp_path)
    assert (checked.returncode, json.loads(checked.stdout)["faults"]) == (0, [])
    sha256 = sha256_bytes(png(1))
    (tmp_path / "cases" / "images" / sha256[:2] / sha256).write_bytes(b"other")
    (tmp_path / "cases" / "images" / sha256[:2] / ".half").write_bytes(b"x")
    broken = mtaa("cases", "verify", home=tmp_path)
    assert broken.returncode == 2
    assert f"Bytes of image {sha256[:12]} are missing or changed." in broken.stderr
    assert "1 files removed" in mtaa("cases", "sweep", home=tmp_path).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "--out", "x.html"), "must be on images or on a case, got neither"),
        (("report", "a.png", "--case", "1", "--out", "x.html"), "got both"),
        (("report", "a.png", "--out", "x.doc"), "format must be html, json or pdf, got x.doc"),
        (("report", "nothing.png", "--out", "x.html"), "nothing.png must be a readable file"),
        (("report", "--case", "7", "--out", "x.html"), "case must exist, got number 7"),
        (("report", str(paths.ROOT / "LICENSE"), "--out", "x.html"), "LICENSE: file must be a"),
        (("report", str(SAMPLE), "--out", "/dev/null/x.html"), "must be a file that can be written"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    before = {*os.listdir(), "runs"}  # which other tests may make meanwhile
    result = mtaa(*arguments, home=tmp_path)
    assert (result.returncode, len(result.stderr.strip().splitlines())) == (2, 1), result.stderr
    assert said in result.stderr
    assert {*os.listdir(), "runs"} == before
