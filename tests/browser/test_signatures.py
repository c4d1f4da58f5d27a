"""The page Signatures in a real browser, with the bundled checkpoint: what is inside a box or a lasso on the map."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
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


def spot(page: Page) -> tuple[int, float, float]:
    """The first example of the first kind, and where it is drawn on the screen."""
    found: list[float] = page.locator(".js-plotly-plot").first.evaluate(
        """chart => {
            const { x, y, customdata } = chart._fullData[0], { xaxis, yaxis } = chart._fullLayout
            const box = chart.getBoundingClientRect()
            const place = [customdata[0]].flat()[0]
            return [place, box.x + xaxis._offset + xaxis.l2p(x[0]), box.y + yaxis._offset + yaxis.l2p(y[0])]
        }"""
    )
    return int(found[0]), found[1], found[2]


def test_pointing_shows_a_picture_and_a_click_the_example(visit: Visit) -> None:
    with visit() as page:
        page.get_by_role("link", name="Signatures").click()
        expect(page.get_by_text("Point at an example")).to_be_visible(timeout=PATIENCE)
        settled(page)
        page.wait_for_timeout(1000)  # the picture looks for the map now and then
        place, x, y = spot(page)
        page.mouse.move(x - 3, y - 3)
        page.mouse.move(x, y, steps=4)
        # On its way the pointer passes others, which a busy machine shows for a while.
        expect(page.get_by_text(f"Example {place}", exact=True)).to_be_visible(timeout=PATIENCE)
        drawn = page.get_by_role("img", name="Example under the pointer").evaluate(
            "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data)"
        )
        (pixels,) = api.known_pixels(api.card("mnist"), np.array([place]))
        assert (np.array(drawn).reshape(28, 28, 4)[..., 0] == pixels[0]).all()
        page.mouse.click(x, y)
        expect(page.get_by_text(f"Example {place}, from")).to_be_visible(timeout=PATIENCE)


def test_a_map_is_made_while_one_looks_elsewhere(browser: Browser, tmp_path: Path) -> None:
    with served({"MTAA_HOME": str(tmp_path)}) as address:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(f"{address}/signatures")
        expect(page.get_by_text("Make a map with other parameters")).to_be_visible(timeout=PATIENCE)
        settled(page)  # a click while the page is still drawn is lost
        page.get_by_text("Make a map with other parameters").click()
        settled(page)
        page.get_by_role("button", name="Make this map").click()
        expect(page.get_by_role("button", name="Cancel")).to_be_visible(timeout=PATIENCE)
        page.goto(f"{address}/attribute")
        page.wait_for_timeout(1000)
        page.goto(f"{address}/signatures")
        expect(page.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE)
        # Each visit sees what all of them made; the one that watches it end is shown it.
        expect(page.get_by_label("Shown", exact=False).first).to_be_visible(timeout=300_000)
        assert list((tmp_path / "maps").glob("*.npz"))
        page.close()


def test_a_link_straight_to_the_page_opens_it_whole(browser: Browser) -> None:
    with served() as address:  # a process that nobody has visited yet
        page = browser.new_page()
        page.goto(f"{address}/signatures")
        expect(page.get_by_role("heading", name="Signatures", exact=True)).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("link", name="Attribute", exact=True)).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Signatures", exact=True)).to_be_visible(timeout=PATIENCE)
        page.close()
