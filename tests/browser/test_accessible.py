"""Every page in both themes: contrast AA, names and alt texts, and all of it within reach of the Tab key.

Not measured, since it is no text of the document: the cells of a table (Streamlit draws them on a canvas; the colours
are those of the theme, the head's is set there) and the numbers on the cells of a chart (see tests/unit/app).
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mtaa import api
from tests.browser.audit import SCRIPT, faults, tab_through
from tests.browser.test_attribute import upload
from tests.browser.test_many import varied
from tests.browser.workbench import served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("bundled")]
PATIENCE = 60_000


@pytest.fixture(scope="module")
def workbench(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app that keeps what the tests make apart."""
    with served({"MTAA_HOME": str(tmp_path_factory.mktemp("home"))}) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, workbench: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, color_scheme=request.param)
    opened = context.new_page()
    opened.goto(workbench)
    expect(opened.get_by_role("heading", name="Who is behind")).to_be_visible(timeout=PATIENCE)
    yield opened
    context.close()


def go(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=PATIENCE)
    settled(page)


def drawn(page: Page) -> None:
    """Wait until the charts there are have their texts."""
    settled(page)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(one => one.querySelector('svg'))"
    )


def test_home_with_its_tour(page: Page) -> None:
    assert faults(page, tabbing=True) == {}
    page.locator("[class*=st-key-sample-pgd] button:visible").first.click()
    expect(page.locator(".stMarkdownBadge", has_text="truth: PGD")).to_be_visible(timeout=PATIENCE)
    drawn(page)
    assert faults(page, tabbing=True) == {}


def test_attribute_its_table_its_maps_and_a_case(page: Page) -> None:
    go(page, "Attribute")
    assert faults(page, tabbing=True) == {}
    upload(page, [*varied(3), ("cut.png", api.read_sample(api.samples()[0])[:200])])
    expect(page.get_by_text(re.compile("^4 images: "))).to_be_visible(timeout=PATIENCE)
    assert faults(page) == {}
    for kind in ("Perturbation", "Feature maps", "Attribution", "Known patterns"):
        page.get_by_role("radio", name=kind, exact=True).click()
        drawn(page)
        assert faults(page) == {}, kind

    page.get_by_test_id("stPopover").get_by_role("button", name="Add to case").click()
    page.get_by_label("Title of the new case").wait_for()
    assert faults(page) == {}
    page.locator(".st-key-case-add button").click()
    page.get_by_role("link", name=re.compile("^Added. Open case")).click(timeout=PATIENCE)
    for section in ("Images", "Notes", "Audit trail", "Report"):
        page.get_by_role("tab", name=section).click(timeout=PATIENCE)
        assert faults(page, tabbing=section == "Images") == {}, section
    page.get_by_role("button", name="All cases").click()
    expect(page.get_by_role("heading", name="Cases", exact=True)).to_be_visible(timeout=PATIENCE)
    assert faults(page, tabbing=True) == {}


def test_signatures(page: Page) -> None:
    go(page, "Signatures")
    page.get_by_label(re.compile("^t-SNE map of")).wait_for(timeout=PATIENCE)
    drawn(page)
    assert faults(page, tabbing=True) == {}


def test_retrain(page: Page) -> None:
    go(page, "Retrain")
    assert faults(page, tabbing=True) == {}


def test_models_in_every_section(page: Page) -> None:
    go(page, "Models")
    for tab in page.get_by_role("tab").all():
        tab.click()
        drawn(page)
        assert faults(page) == {}, tab.inner_text()
    assert faults(page, tabbing=True) == {}


@pytest.mark.parametrize(
    ("kind", "markup"),
    [
        ("contrast", '<p style="color: #888; background: #fff">pale</p>'),
        ("contrast", '<div style="opacity: 0.5"><p style="color: #333">faded</p></div>'),
        ("contrast", '<div style="background: #111"><p style="color: rgb(60, 60, 60)">dark on dark</p></div>'),
        ("unnamed", '<input type="text" placeholder="">'),
        ("unnamed", '<button style="width: 20px; height: 20px"></button>'),
        ("pictures", '<img src="data:," width="9" height="9">'),
        ("unreached", '<button>first</button><button tabindex="-1">never</button>'),
    ],
)
def test_a_fault_would_be_found(browser: Browser, kind: str, markup: str) -> None:
    page: Any = browser.new_page()
    page.set_content(markup)
    tab_through(page)
    found = page.evaluate(SCRIPT)
    assert [name for name, which in found.items() if which] == [kind]
    page.close()
