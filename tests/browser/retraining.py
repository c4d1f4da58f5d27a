"""What a person does in a browser to retrain: paste a scenario, start the job, look in on it, use what it made."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.workbench import settled

PATIENCE = 60_000
LOOK_SECONDS = 60.0


def arrive(page: Page, address: str, job: str = "") -> None:
    """Open the page Retrain, or a job on it."""
    page.goto(f"{address}/retrain" + (f"?job={job}" if job else ""))
    expect(page.get_by_role("heading", name="Retrain", exact=True)).to_be_visible(timeout=PATIENCE)
    drawn = page.get_by_text("Asked for") if job else page.get_by_text("Name of the scenario")
    expect(drawn.first).to_be_visible(timeout=PATIENCE)
    settled(page)


def paste(page: Page, scenario: str) -> None:
    """Fill the form with a scenario's YAML."""
    page.get_by_role("button", name="Import YAML").click()
    area = page.get_by_role("textbox", name="Or its text")
    area.fill(scenario)
    area.press("Control+Enter")
    settled(page)
    page.get_by_role("button", name="Check and fill the form").click()
    settled(page)
    page.keyboard.press("Escape")


def start(page: Page, epochs: int) -> str:
    """Press start, and return the job's id, which is then in the address."""
    field = page.get_by_role("spinbutton", name="Epochs")
    field.fill(str(epochs))
    field.press("Enter")
    settled(page)
    page.get_by_role("button", name="Start the retraining").click()
    expect(page).to_have_url(re.compile(r"job=job-[0-9a-f]{12}"), timeout=PATIENCE)
    return page.url.rpartition("job=")[2]


def look_in(page: Page, address: str, job: str, checkpoint: str) -> str:
    """Open the job's page anew; what it says of the job: done, failed, or how far it is."""
    arrive(page, address, job)
    if page.get_by_text(f"Checkpoint {checkpoint} is trained and measured").count():
        return "done"
    failure = page.get_by_test_id("stMain").get_by_test_id("stAlertContentError")
    if failure.count():
        return f"failed: {failure.first.inner_text()}"
    bar = page.get_by_test_id("stMain").get_by_test_id("stProgress")
    return bar.first.inner_text() if bar.count() else "under way"


def attribute(page: Page, checkpoint: str, png: bytes) -> dict[str, Any]:
    """From the page of the finished job: let its checkpoint judge, hand it an image, and return the verdict as JSON."""
    offer = page.get_by_test_id("stPopover").get_by_role("button", name="Make active")
    if offer.count():
        offer.click()
        page.get_by_role("button", name="Make it active", exact=True).click()
        expect(page.get_by_text(f"{checkpoint} is active now.")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Attribute with it").click()
    expect(page.get_by_role("heading", name="Attribute", exact=True)).to_be_visible(timeout=PATIENCE)
    settled(page)
    uploads: Any = [{"name": "one.png", "mimeType": "image/png", "buffer": png}]
    page.locator("[data-testid=stFileUploader]").first.locator("input[type=file]").set_input_files(uploads)
    expect(page.get_by_text("OBSERVED")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as started:
        page.get_by_role("button", name="Verdict as JSON", exact=True).click()
    (verdict,) = json.loads(Path(started.value.path()).read_text(encoding="utf-8"))
    found: dict[str, Any] = verdict
    return found
