"""What the README shows is what results/ holds."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app

ROOT = Path(__file__).parents[1]


@pytest.mark.usefixtures("bundled")
def test_tables_are_those_of_the_records() -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- results -->")[1].split("<!-- /results -->")[0]
    result = CliRunner().invoke(app, ["results"], catch_exceptions=False)
    assert shown.strip() == result.stdout.strip()
    assert "FGSM" in shown


@pytest.mark.usefixtures("bundled")
def test_the_page_of_the_experiments_is_that_of_their_records() -> None:
    result = CliRunner().invoke(app, ["results", "--experiments"], catch_exceptions=False)
    assert (ROOT / "results" / "README.md").read_text(encoding="utf-8") == result.stdout
    assert "## Survival" in result.stdout


def test_every_folder_it_names_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("app", "assets", "checkpoints", "mtaa", "pages", "results", "tests"):
        assert f"`{name}/" in text
        assert (ROOT / name).is_dir()
