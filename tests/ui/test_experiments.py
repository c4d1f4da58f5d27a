"""Page Models, section Experiments: every experiment's question, its tables, or the command that makes them."""

import pytest

from app import frame
from mtaa.core import files
from mtaa.experiments import EXPERIMENTS, record
from tests.ui.conftest import FakeAttributor
from tests.ui.reading import AppTest, assert_well, first, said
from tests.ui.test_ablation import written


def opened(title: str | None = None, named: str | None = None) -> AppTest:
    """The section, with the experiment that is chosen on the page, or named in its address."""
    page = first().switch_page("pages/models.py")
    page.query_params["section"] = "Experiments"
    if named is not None:
        page.query_params["experiment"] = named
    page = page.run()
    return page if title is None else page.selectbox(key="experiment").select(title).run()


@pytest.mark.usefixtures("bench")
def test_what_was_measured_comes_first_with_its_tables() -> None:
    written()
    page = opened()
    assert_well(page)
    choice = page.selectbox(key="experiment")
    assert choice.options[0] == "Ablation: What is each part of our network worth?"
    assert sorted(one.partition(":")[0].partition(",")[0] for one in choice.options) == sorted(
        entry.title for entry in EXPERIMENTS
    )
    assert "Table 9, not measured here: Do more attacks and source models make it harder?" in choice.options
    for words in (
        "What is each part of our network worth?",
        "| losses summed |",
        "small-scale run: 3,500",
        "2302.14059",
    ):
        assert words in said(page)


def test_of_another_the_command_is_told(bench: type[FakeAttributor]) -> None:
    page = opened("Table 9")
    assert_well(page)
    assert page.code[0].value == "mtaa experiment table9"
    assert "Do more attacks and source models make it harder?" in said(page)
    assert page.query_params["experiment"] in ("Table 9", ["Table 9"])


@pytest.mark.usefixtures("bench")
@pytest.mark.parametrize(("named", "shown"), [("Table 9", "Table 9"), ("Table 999", "Ablation")])
def test_the_address_names_one(named: str, shown: str) -> None:
    written()
    page = opened(named=named)
    assert_well(page)
    assert page.selectbox(key="experiment").value == shown


def test_a_wide_table_scrolls_by_itself() -> None:
    assert '[data-testid="stMarkdownContainer"]:has(> table) { overflow-x: auto }' in frame.STYLE


@pytest.mark.usefixtures("bench")
def test_a_record_of_another_version_is_refused_in_a_sentence() -> None:
    files.write_json(record.path("survival"), {"schema_version": 0})
    page = opened()
    assert "make it anew: mtaa experiment survival" in said(page)
