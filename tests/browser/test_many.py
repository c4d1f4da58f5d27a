"""Many images in one drop, an image's address, and eight people at once, in a real browser."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from mtaa import api
from mtaa.core.files import sha256_bytes
from tests.browser.test_attribute import overflow, upload
from tests.browser.workbench import enter, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("bundled")]
PATIENCE = 60_000
MANY, VISITORS = 200, 8

Visit = Callable[..., AbstractContextManager[Page]]


def varied(number: int) -> list[tuple[str, bytes]]:
    """The bundled samples over and over, each with one pixel changed so that no two are the same."""
    samples = api.samples()
    found = []
    for place in range(number):
        sample = samples[place % len(samples)]
        pixels = np.asarray(Image.open(BytesIO(api.read_sample(sample))).convert("L")).copy()
        pixels[place // 28 % 28, place % 28] ^= 1
        buffer = BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        found.append((f"{place:03d}-{sample.attack}.png", buffer.getvalue()))
    return found


def test_two_hundred_in_one_drop_are_sifted_and_stepped_through_by_keys(visit: Visit) -> None:
    files = [*varied(MANY - 1), ("cut.png", api.read_sample(api.samples()[0])[:200])]
    with visit() as page:
        upload(page, files)
        expect(page.get_by_text(re.compile(rf"^{MANY} images: "))).to_be_visible(timeout=PATIENCE)
        settled(page)
        listed = page.get_by_role("combobox", name="Shown in full")
        expect(page.get_by_text(sha256_bytes(files[0][1]))).to_be_visible()
        for key, place in (("n", 1), ("n", 2), ("p", 1)):
            page.keyboard.press(key)
            expect(listed).to_have_value(re.compile(f"^{place + 1}. "))
            expect(page.get_by_text(sha256_bytes(files[place][1]))).to_be_visible()
            settled(page)
        assert page.url.endswith(f"?image={sha256_bytes(files[1][1])[:16]}")
        page.get_by_text("Needs a look").click()
        settled(page)
        expect(page.get_by_role("button", name=re.compile("^CSV of [0-9]+ listed$"))).to_be_visible()
        assert overflow(page) == 0


def test_a_reload_finds_a_sample_again_and_says_what_is_gone(browser: Browser, address: str) -> None:
    ((name, data),) = varied(1)
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    enter(page, address)
    page.locator("[class*=st-key-sample-pgd] button:visible").first.click()
    expect(page.get_by_text("Known truth:")).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.reload()
    expect(page.get_by_text("Known truth:")).to_be_visible(timeout=PATIENCE)
    settled(page)
    upload(page, [(name, data)])
    expect(page.get_by_text(sha256_bytes(data))).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.reload()
    expect(page.get_by_text("This image is not kept")).to_be_visible(timeout=PATIENCE)
    context.close()


def test_eight_people_see_only_their_own(browser: Browser, address: str) -> None:
    files = varied(VISITORS)
    contexts = [browser.new_context() for _ in files]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.goto(address)
    for page in pages:
        page.get_by_test_id("stMain").get_by_role("link", name="Attribute").click(timeout=PATIENCE)
    for page, (name, data) in zip(pages, files, strict=True):
        place = page.get_by_test_id("stFileUploader").locator("input[type=file]")
        place.set_input_files({"name": name, "mimeType": "image/png", "buffer": data}, timeout=PATIENCE)
    for page, (own, data) in zip(pages, files, strict=True):
        expect(page.get_by_text(sha256_bytes(data))).to_be_visible(timeout=PATIENCE)
        written = page.get_by_test_id("stMain").inner_text()
        assert [name for name, _ in files if name in written] == [own]
    for context in contexts:
        context.close()
