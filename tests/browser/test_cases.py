"""The page Cases in a real browser: from a verdict to a case, a report and a deletion; addresses survive a reload."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mtaa import api
from tests.browser.workbench import enter, served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("bundled")]
PATIENCE = 60_000


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A visit to an app that keeps its evidence in a folder of its own."""
    with served({"MTAA_HOME": str(tmp_path)}) as address:
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        opened = context.new_page()
        enter(opened, address)
        yield opened
        context.close()


def press(page: Page, label: str) -> None:
    """Press a button by its words; those of a pop-over have an icon at either end."""
    page.locator("button:visible").filter(has_text=re.compile(f"{label}(expand_more)?$")).click()
    settled(page)


def test_from_a_verdict_to_a_case_and_its_report(page: Page, browser: Browser, tmp_path: Path) -> None:
    sample = next(one for one in api.samples() if one.attack == "pgd")
    page.locator("[class*=st-key-sample-pgd] button:visible").first.click()
    expect(page.get_by_text("Known truth:")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert not list(tmp_path.glob("cases/images/*/*"))
    press(page, "Add to case")
    page.get_by_label("Title of the new case").fill("From the <b>north</b>")
    page.keyboard.press("Tab")
    page.locator(".st-key-case-add button").click()
    page.get_by_role("link", name="Added. Open case 1").click(timeout=PATIENCE)
    title = page.get_by_role("heading", name="From the <b>north</b>", exact=True)
    expect(title).to_be_visible(timeout=PATIENCE)
    assert page.url.endswith("/cases?case=1")
    page.reload()
    expect(title).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(sample.sha256)).to_be_visible()
    (kept,) = tmp_path.glob("cases/images/*/*")
    assert kept.read_bytes() == api.read_sample(sample)

    page.get_by_role("tab", name="Report").click()
    with page.expect_download(timeout=PATIENCE) as started:
        press(page, "HTML")
    report = tmp_path / "report.html"
    started.value.save_as(report)
    assert_report_stands_alone(browser, report, sample)

    press(page, "Delete")
    press(page, "Delete for good")
    expect(page.get_by_text("No case yet")).to_be_visible(timeout=PATIENCE)
    assert "case=" not in page.url
    assert not [path for path in tmp_path.glob("cases/images/*/*") if path.is_file()]


def assert_report_stands_alone(browser: Browser, report: Path, sample: api.Sample) -> None:
    """It opens without a network, without a word on the console, and its picture is drawn."""
    page, asked, said = browser.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(report.as_uri())
    expect(page.get_by_text(sample.sha256).first).to_be_visible()
    assert page.locator("img").evaluate("image => image.naturalWidth") == 28
    assert page.locator("b", has_text="north").count() == 0
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_is_not_overflown(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 480, "height": 900})
    for address in ("cases", "cases?case=7"):
        page.goto(re.sub(r"/attribute.*|/cases.*", f"/{address}", page.url))
        expect(page.get_by_text("No case yet")).to_be_visible(timeout=PATIENCE)
        settled(page)
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") == 0
