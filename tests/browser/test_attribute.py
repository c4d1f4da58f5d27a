"""The page Attribute in a real browser, with the bundled checkpoint and the bundled samples."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mtaa import api
from tests.browser.workbench import settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("bundled")]
PATIENCE = 60_000  # the first verdict of the app's process loads torch

Visit = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def samples(bundled: None) -> list[api.Sample]:
    found = api.samples()
    assert found, "assets/samples must hold samples"
    return found


@pytest.fixture
def strong(samples: list[api.Sample]) -> api.Sample:
    """The plainest of the FGSM samples."""
    return max((one for one in samples if one.attack == "fgsm"), key=lambda one: one.intensity)


def upload(page: Page, files: list[tuple[str, bytes]], label: str = "Suspicious images") -> None:
    payloads: Any = [{"name": name, "mimeType": "image/png", "buffer": data} for name, data in files]
    place = page.locator("[data-testid=stFileUploader]").filter(has_text=label)
    place.locator("input[type=file]").set_input_files(payloads)
    settled(page)


def downloaded(page: Page, button: str) -> Any:
    with page.expect_download() as started:
        page.get_by_role("button", name=button, exact=True).click()
    return json.loads(Path(started.value.path()).read_text(encoding="utf-8"))


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return page.evaluate("""() => {
        const main = document.querySelector("[data-testid=stMain]")
        return main.scrollWidth - main.clientWidth
    }""")


def test_an_upload_gets_its_verdict(visit: Visit, strong: api.Sample) -> None:
    with visit() as page:
        upload(page, [("IMG_0042.png", api.read_sample(strong))])
        main = page.get_by_test_id("stMain")
        expect(main.locator(".stMarkdownBadge", has_text="adversarial")).to_be_visible(timeout=PATIENCE)
        expect(main.get_by_text(strong.sha256)).to_be_visible()
        (verdict,) = downloaded(page, "Verdict as JSON")
        said = verdict["inferred"]
        expect(main.get_by_role("heading", name=said["sentence"])).to_be_visible()
        for heading in (said["kind"]["title"], said["source"]["title"]):  # the source model may be its family alone
            expect(main.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        assert said["attack"]["label"] == strong.attack
        assert verdict["observed"]["sha256"] == strong.sha256
        assert verdict["checkpoint"]["weights_sha256"] == api.card("mnist").weights_sha256
        expect(main.get_by_role("img", name="The analysed image", exact=True)).to_be_visible()
        for name in ("Attack algorithm", "Source model (victim)", "Hyperparameter"):
            expect(main.get_by_label(re.compile(f"^{re.escape(name)}: "))).to_be_visible()


def test_all_samples_at_once_and_a_file_that_is_none(visit: Visit, samples: list[api.Sample]) -> None:
    files = [(one.file, api.read_sample(one)) for one in samples]
    with visit() as page:
        upload(page, [*files, ("cut.png", files[0][1][:200])])
        expect(page.get_by_text(f"{len(files) + 1} images: ")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("alert").get_by_text("cut.png was not analysed. Image must be whole")).to_be_visible()
        *verdicts, refusal = downloaded(page, "JSON")
        assert [one["observed"]["sha256"] for one in verdicts] == [one.sha256 for one in samples]
        assert "must be whole" in refusal["reason"]
        right = sum(v["inferred"]["attack"]["label"] == s.attack for v, s in zip(verdicts, samples, strict=True))
        assert right >= 0.8 * len(samples)


def test_table_and_list_choose_the_same_row(visit: Visit, samples: list[api.Sample]) -> None:
    with visit() as page:
        upload(page, [(one.file, api.read_sample(one)) for one in samples[:3]])
        expect(page.get_by_text(samples[0].sha256)).to_be_visible(timeout=PATIENCE)
        table, listed = page.get_by_test_id("stDataFrame"), page.get_by_role("combobox", name="Shown in full")
        table.click(position={"x": 16, "y": 40 + 48 + 24})
        expect(page.get_by_text(samples[1].sha256)).to_be_visible()
        expect(page.get_by_text(samples[0].sha256)).to_be_hidden()
        expect(listed).to_have_value(re.compile(f"^2. {re.escape(samples[1].file)}"))
        listed.press("ArrowDown")
        page.get_by_role("option", name=f"3. {samples[2].file}").wait_for()
        listed.press("ArrowDown")
        listed.press("Enter")
        expect(page.get_by_text(samples[2].sha256)).to_be_visible()
        table.hover()
        expect(page.get_by_role("button", name="Search")).to_be_visible()
        expect(page.get_by_role("button", name="Download as CSV")).to_be_hidden()  # it would hold formulas


def test_the_keyboard_reaches_a_sample_and_leaves_it(visit: Visit, samples: list[api.Sample]) -> None:
    with visit() as page:
        chosen = page.locator(f"[class*=st-key-sample-{samples[0].attack}]").get_by_role("button").first
        press_until(page, "Tab", lambda: chosen.evaluate("button => button === document.activeElement"))
        page.keyboard.press("Enter")
        settled(page)
        expect(page.get_by_text("Known truth:")).to_be_visible(timeout=PATIENCE)
        close = page.get_by_role("button", name="Close the sample")
        press_until(page, "Tab", lambda: close.evaluate("button => button === document.activeElement"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("Drop an image")).to_be_visible()


def press_until(page: Page, key: str, done: Callable[[], bool], limit: int = 80) -> None:
    for _ in range(limit):
        page.keyboard.press(key)
        if done():
            return
    raise AssertionError(f"{limit} times {key} must reach it")


def test_the_clean_original_adds_true_differences(visit: Visit, strong: api.Sample) -> None:
    data = api.read_sample(strong)
    with visit() as page:
        upload(page, [("a.png", data)])
        expect(page.get_by_text(strong.sha256)).to_be_visible(timeout=PATIENCE)
        upload(page, [("b.png", data)], "Clean original")
        expect(page.get_by_text("largest difference")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("0/255", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_is_not_overflown(visit: Visit, samples: list[api.Sample], scheme: str) -> None:
    with visit(width=480, color_scheme=scheme) as page:
        assert overflow(page) == 0
        upload(page, [(one.file, api.read_sample(one)) for one in samples[:2]])
        expect(page.get_by_text("OBSERVED")).to_be_visible(timeout=PATIENCE)
        assert overflow(page) == 0
        ground = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
        assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 24, 31)"}[scheme]


def test_a_hostile_name_stays_a_name(visit: Visit, strong: api.Sample) -> None:
    name = "<img src=x onerror=alert(1)> **b** [l](http:evil.example) www.evil.example :red[r] $x$.png"
    data = api.read_sample(strong)
    with visit() as page:
        upload(page, [(name, data[:300]), ("whole.png", data)])
        expect(page.get_by_role("alert").filter(has_text=name.replace("www.", "www\u2060."))).to_be_visible(
            timeout=PATIENCE
        )
        assert page.locator("img[src='x'], a[href*=evil], .katex, strong:text-is('b')").count() == 0
