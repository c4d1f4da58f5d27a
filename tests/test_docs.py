"""What docs/ says was tried is a test that there is, and its figures are those of a record."""

import re
from pathlib import Path

import pytest

from mtaa.core import files
from tests.browser.retraining_record import path, text

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`([a-z_/]+\.py)(?:::(test_[a-z0-9_]+))?`")


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_test_it_names_is_there(page: str) -> None:
    named = NAMED.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert named
    for file, test in named:
        path = ROOT / "tests" / file
        assert path.is_file(), f"{page} names {file}"
        assert not test or f"def {test}(" in path.read_text(encoding="utf-8"), f"{page} names {file}::{test}"


@pytest.mark.usefixtures("bundled")
def test_figures_of_the_retraining_are_those_of_its_record() -> None:
    shown = (ROOT / "docs" / "retraining.md").read_text(encoding="utf-8").split("<!-- fashion -->")[1]
    assert shown.split("<!-- /fashion -->")[0].strip() == text(files.read_json(path("fashion")))
