"""Retrain in a real browser: from a pasted scenario to an image attributed with the checkpoint that it made."""

import io
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from mtaa.core import paths
from tests.browser.retraining import arrive, attribute, paste, start
from tests.browser.test_attribute import overflow
from tests.browser.workbench import served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("bundled")]
SCENARIO = """
name: small
images: {source: digits, channels: 1, side: 8}
victims: [tiny_a]
attacks:
  - {name: fgsm, intensities: {start: 60, stop: 120, step: 60}}
examples: {train: 66, validation: 10, test: 20}
clean: {train: 66, validation: 10, test: 20}
"""


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the workbench of this test keeps its things; another checkpoint judges at first."""
    folder = tmp_path_factory.mktemp("retraining")
    shutil.copytree(paths.ROOT / "checkpoints" / "mnist", folder / "checkpoints" / "mnist")
    return {f"MTAA_{name.upper()}": str(folder / name) for name in ("home", "checkpoints", "results")}


@pytest.fixture(scope="module")
def workbench(browser: Browser, moved: dict[str, str]) -> Iterator[str]:
    with served(moved) as address:
        yield address


@pytest.fixture
def page(browser: Browser, workbench: str) -> Iterator[Page]:
    """A fresh visit to the page; calls to another host and errors of the page fail the test."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    found, called, errors = context.new_page(), [], []
    context.on("request", lambda request: called.append(request.url))
    found.on("pageerror", lambda error: errors.append(str(error)))
    arrive(found, workbench)
    yield found
    context.close()
    assert [url for url in called if not url.startswith((f"{workbench}/", "data:", f"blob:{workbench}/"))] == []
    assert errors == []


def test_from_a_scenario_to_a_verdict(page: Page, workbench: str) -> None:
    paste(page, SCENARIO)
    expect(page.get_by_role("textbox", name="Name of the checkpoint")).to_have_value("small")
    job = start(page, epochs=2)
    page.reload()  # what is seen does not hang on the visit
    expect(page.get_by_text("Checkpoint small is trained and measured")).to_be_visible(timeout=500_000)
    settled(page)
    assert overflow(page) == 0
    arrive(page, workbench, job)
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)).save(buffer, "PNG")
    verdict = attribute(page, "small", buffer.getvalue())
    assert verdict["checkpoint"]["name"] == "small"


def test_a_fault_is_said_at_its_field(page: Page) -> None:
    paste(page, SCENARIO)
    seed = page.get_by_role("spinbutton", name="Seed of the examples")
    seed.fill("-3")
    seed.press("Enter")
    settled(page)
    expect(page.get_by_text("Must be at least 0, got -3").first).to_be_visible()
    expect(page.get_by_role("button", name="Start the retraining")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_is_not_overflown(browser: Browser, workbench: str, scheme: Any) -> None:
    page = browser.new_page(viewport={"width": 480, "height": 900}, color_scheme=scheme)
    arrive(page, workbench)
    assert overflow(page) == 0
    page.close()
