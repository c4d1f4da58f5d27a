"""A day's work in one visit: from twenty images in one drop to a report that can be handed on."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mtaa import api
from mtaa.core.files import sha256_bytes
from tests.browser.test_attribute import upload
from tests.browser.test_cases import press
from tests.browser.test_many import varied
from tests.browser.workbench import enter, served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("bundled")]
PATIENCE = 60_000
TWENTY = 20
TITLE, NOTE, REASON = "Road sign <b>7</b>", "Seen first on the **left** camera.", "Grain all over the ground."


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser, in which they may open several tabs."""
    opened = browser.new_context(viewport={"width": 1400, "height": 900})
    yield opened
    opened.close()


def test_from_twenty_images_to_a_report(context: BrowserContext, tmp_path: Path) -> None:
    with served({"MTAA_HOME": str(tmp_path)}) as address:
        page = context.new_page()
        enter(page, address)
        files = varied(TWENTY)
        name, data = sift(page, files)
        look_at_the_maps(page, name)
        place_on_the_map(context, address, name, data)
        keep(page, data, tmp_path)
        say_what_is_thought(page)
        report = hand_on(page, tmp_path)
        check(context, report, data)


def sift(page: Page, files: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Drop all, list only what is taken for PGD, and open the second of those: its name and bytes."""
    upload(page, files)
    expect(page.get_by_text(re.compile(f"^{TWENTY} images: "))).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.get_by_role("combobox", name="Attack").click()
    page.get_by_role("option", name="PGD", exact=True).click()
    settled(page)
    page.keyboard.press("Escape")
    with page.expect_download() as started:
        page.get_by_role("button", name=re.compile("^CSV of [0-9]+ listed$")).click()
    text = Path(started.value.path()).read_bytes().decode("utf-8-sig")
    listed = list(csv.DictReader(io.StringIO(text, newline="")))
    assert 1 < len(listed) < TWENTY
    assert {row["attack"] for row in listed} == {"PGD"}
    page.get_by_role("button", name="Next").click()
    name, data = next(one for one in files if one[0] == listed[1]["file"])
    expect(page.get_by_text(sha256_bytes(data))).to_be_visible(timeout=PATIENCE)
    settled(page)
    return name, data


def look_at_the_maps(page: Page, name: str) -> None:
    """Against the clean original, every kind of evidence map is drawn."""
    sample = api.samples()[int(name[:3]) % len(api.samples())]
    original = api.read_original(sample)
    assert original is not None
    upload(page, [("original.png", original)], "Clean original")
    for kind, alt in (
        ("Perturbation", "and the true perturbation, signed and absolute"),
        ("Feature maps", "Mean square and mean absolute difference by block: "),
        ("Attribution", ", over the image and alone; largest value "),
        ("Known patterns", "True perturbations of "),
    ):
        page.get_by_role("radio", name=kind, exact=True).click()
        expect(page.get_by_label(alt)).to_be_visible(timeout=PATIENCE)
        settled(page)


def place_on_the_map(context: BrowserContext, address: str, name: str, data: bytes) -> None:
    """In a tab of its own, so that the drop stays where it is."""
    page = context.new_page()
    page.goto(f"{address}/signatures")
    page.get_by_label(re.compile("^t-SNE map of")).wait_for(timeout=PATIENCE)
    upload(page, [(name, data)], "Images to place")
    expect(page.get_by_label(re.compile("with 1 image placed on it$"))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("img", name=re.compile("^Known example: PGD")).first).to_be_visible(timeout=PATIENCE)
    page.close()


def keep(page: Page, data: bytes, home: Path) -> None:
    """The one image goes into a new case, and nothing else is kept."""
    press(page, "Add to case")
    page.get_by_label("Title of the new case").fill(TITLE)
    page.keyboard.press("Tab")
    page.locator(".st-key-case-add button").click()
    page.get_by_role("link", name="Added. Open case 1").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", name=TITLE, exact=True)).to_be_visible(timeout=PATIENCE)
    (kept,) = home.glob("cases/images/*/*")
    assert kept.read_bytes() == data


def say_what_is_thought(page: Page) -> None:
    """The analyst's own verdict, a note, and that the case is closed."""
    page.get_by_role("radio", name="adversarial", exact=True).click(force=True)
    page.get_by_label("Why").fill(REASON)
    press(page, "Record your verdict")
    expect(page.get_by_text(REASON)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("tab", name="Notes").click()
    page.get_by_label("Note", exact=True).fill(NOTE)
    press(page, "Add the note")
    expect(page.get_by_text(NOTE)).to_be_visible(timeout=PATIENCE)
    page.get_by_role("combobox", name="Status").click()
    page.get_by_role("option", name="closed", exact=True).click()
    settled(page)
    page.reload()  # it is the store that says so, not the visit
    expect(page.get_by_role("combobox", name="Status")).to_have_value("closed", timeout=PATIENCE)
    page.get_by_role("tab", name="Audit trail").click()
    press(page, "Verify this case")
    expect(page.get_by_text("The audit trail is whole")).to_be_visible(timeout=PATIENCE)


def hand_on(page: Page, folder: Path) -> Path:
    """Download the report."""
    page.get_by_role("tab", name="Report").click()
    with page.expect_download(timeout=PATIENCE) as started:
        press(page, "HTML")
    report = folder / started.value.suggested_filename
    started.value.save_as(report)
    return report


def check(context: BrowserContext, report: Path, data: bytes) -> None:
    """One file that asks for nothing, with the hashes of image and checkpoint, and what was typed as it was typed."""
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(report.as_uri())
    text = page.locator("body").inner_text()
    for wanted in (sha256_bytes(data), api.card("mnist").weights_sha256, TITLE, NOTE, REASON, "closed"):
        assert wanted in text
    assert page.locator("img").evaluate("image => image.naturalWidth") == 28
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
