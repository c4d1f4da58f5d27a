"""Home and Models in a real browser, on what the repository bundles: the tour, a checkpoint that leaves and arrives.

Both run in a workbench of their own: what they make active or import must not reach the repository's.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mtaa.core import paths
from tests.browser.test_attribute import overflow
from tests.browser.workbench import served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("bundled")]
PATIENCE = 60_000


@pytest.fixture(scope="module")
def workbench(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app over a copy of the bundled checkpoint."""
    folder = tmp_path_factory.mktemp("workbench")
    shutil.copytree(paths.ROOT / "checkpoints" / "mnist", folder / "checkpoints" / "mnist")
    shutil.copytree(paths.ROOT / "results", folder / "results")
    moved = {f"MTAA_{name.upper()}": str(folder / name) for name in ("home", "checkpoints", "results")}
    with served(moved) as address:
        yield address


@pytest.fixture
def page(browser: Browser, workbench: str) -> Iterator[Page]:
    """A fresh visit; calls to another host and errors of the page fail the test."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    found, called, errors = context.new_page(), [], []
    context.on("request", lambda request: called.append(request.url))
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.goto(workbench)
    expect(found.get_by_role("heading", name="Who is behind")).to_be_visible(timeout=PATIENCE)
    settled(found)
    yield found
    context.close()
    assert [url for url in called if not url.startswith((f"{workbench}/", "data:", f"blob:{workbench}/"))] == []
    assert errors == []


def test_the_tour_needs_nothing_else(page: Page) -> None:
    page.locator("[class*=st-key-sample-pgd] button:visible").first.click()
    expect(page.get_by_text("2. See the verdict")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".stMarkdownBadge", has_text="truth: PGD")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Show it on the map", exact=True).click()
    expect(page.get_by_label("with the sample placed on it")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("nearest known examples")).to_be_visible()
    page.get_by_role("link", name="The same in full").click()
    expect(page.get_by_role("heading", name="Attribute", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Known truth:")).to_be_visible(timeout=PATIENCE)


def test_an_exported_checkpoint_is_imported_made_active_and_deleted(page: Page, tmp_path: Path) -> None:
    page.get_by_role("link", name="All its figures").click()
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible(timeout=PATIENCE)
    with page.expect_download(timeout=PATIENCE) as started:
        page.get_by_role("button", name="Export", exact=True).click()
    archive = tmp_path / started.value.suggested_filename
    started.value.save_as(archive)
    assert archive.name == "mnist.zip"

    page.get_by_text("Import a checkpoint", exact=True).click()
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(archive)
    name = page.get_by_role("textbox", name="Name here")
    name.fill("copy")
    name.press("Enter")
    settled(page)
    page.get_by_role("button", name="Check and import").click()
    expect(page.get_by_text("copy was imported")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="copy", exact=True)).to_be_visible()
    assert "checkpoint=copy" in page.url

    step(page, "Make active", "Make it active")
    expect(page.get_by_text("copy is active now.")).to_be_visible(timeout=PATIENCE)
    step(page, "Roll back", "Roll back to it")
    expect(page.get_by_text("mnist is active again.")).to_be_visible(timeout=PATIENCE)
    step(page, "Delete", "Delete it for good")
    expect(page.get_by_text("copy was deleted.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="mnist", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_is_not_overflown(browser: Browser, workbench: str, scheme: Any) -> None:
    page = browser.new_page(viewport={"width": 480, "height": 900}, color_scheme=scheme)
    page.goto(workbench)
    expect(page.get_by_role("heading", name="Who is behind")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert overflow(page) == 0
    page.goto(f"{workbench}/models?checkpoint=mnist")
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible(timeout=PATIENCE)
    for section in ("Confusion", "By strength", "Calibration", "Training", "Compare", "Ablation", "Card"):
        page.get_by_role("tab", name=section, exact=True).click()
        settled(page)
        assert overflow(page) == 0, section
    page.goto(f"{workbench}/models?section=Experiments&experiment=Faithfulness")
    expect(page.get_by_text("All attacks, all source models")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert overflow(page) == 0
    page.close()


def step(page: Page, first: str, second: str) -> None:
    """Open what asks once more, and confirm it."""
    settled(page)
    page.get_by_test_id("stPopover").get_by_role("button", name=first).click()
    confirm = page.get_by_role("button", name=second, exact=True)
    expect(confirm).to_have_count(1, timeout=PATIENCE)  # one that is just closing may still be there
    confirm.click()
    settled(page)
