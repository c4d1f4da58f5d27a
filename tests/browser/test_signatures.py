"""The page Signatures in a real browser, with the bundled checkpoint: what is inside a box or a lasso on the map."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mtaa import api
from tests.browser.workbench import served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("bundled")]
PATIENCE = 60_000

Visit = Callable[..., AbstractContextManager[Page]]
Corner = tuple[float, float]


def drag(page: Page, corners: list[Corner]) -> None:
    """Draw on the map through `corners`, in shares of its width and height."""
    ground = page.locator(".js-plotly-plot .nsewdrag").first
    ground.scroll_into_view_if_needed()
    box = ground.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=6)
    page.mouse.up()
    settled(page)


def rows(page: Page) -> list[dict[str, str]]:
    """The table of what is selected, as downloaded."""
    with page.expect_download() as started:
        page.get_by_role("button", name="CSV", exact=True).click()
    content = Path(started.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def test_a_box_and_a_lasso_give_what_is_inside_and_an_image_is_placed(visit: Visit) -> None:
    card = api.card("mnist")
    atlas = api.atlas(card)
    sample = max((one for one in api.samples() if one.attack == "pgd"), key=lambda one: one.intensity)
    with visit() as page:
        page.get_by_role("link", name="Signatures").click()
        chart = page.get_by_label(re.compile(f"^t-SNE map of {len(atlas):,} known examples"))
        expect(chart).to_be_visible(timeout=PATIENCE)
        settled(page)

        drag(page, [(0.02, 0.02), (0.5, 0.98)])
        expect(page.get_by_text("known examples inside the selection")).to_be_visible(timeout=PATIENCE)
        left = {int(row["example"]) for row in rows(page)}
        assert left
        horizontal = atlas.maps["tsne-2-attack"][:, 0]
        others = sorted(set(range(len(atlas))) - left)
        assert horizontal[sorted(left)].max() <= horizontal[others].min() + 1e-3

        chart.hover()
        page.locator("[data-attr=dragmode][data-val=lasso]").first.click()
        # Begun beside the box and below the buttons: what is drawn from inside a box moves it.
        drag(page, [(0.97, 0.4), (0.97, 0.99), (0.01, 0.99), (0.01, 0.01), (0.97, 0.01)])
        assert len(rows(page)) > 0.9 * len(atlas)
        first = rows(page)[0]
        place = int(first["example"])
        assert first["attack"] == api.title(card.attacks[atlas.attack[place]])
        assert first["weights_sha256"] == card.weights_sha256

        payload = {"name": sample.file, "mimeType": "image/png", "buffer": api.read_sample(sample)}
        page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files([payload])  # type: ignore[list-item]
        expect(page.get_by_text("Nearest known examples", exact=True)).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("img", name=re.compile("^Known example: PGD")).first).to_be_visible()
        expect(page.get_by_label(re.compile("with 1 image placed on it$"))).to_be_visible()


def test_a_link_straight_to_the_page_opens_it_whole(browser: Browser) -> None:
    with served() as address:  # a process that nobody has visited yet
        page = browser.new_page()
        page.goto(f"{address}/signatures")
        expect(page.get_by_role("heading", name="Signatures", exact=True)).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("link", name="Attribute", exact=True)).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Signatures", exact=True)).to_be_visible(timeout=PATIENCE)
        page.close()
