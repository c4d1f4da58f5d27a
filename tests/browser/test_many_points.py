"""The page Signatures with more points than have a text each, in a real browser: outlines, pointing, clicking."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from app import scatter
from mtaa.core import card as cards
from mtaa.dataset.read import read_export
from mtaa.signatures import store
from tests.browser.enlarged import NAME, enlarge
from tests.browser.test_signatures import drag, rows, spot
from tests.browser.workbench import served, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("bundled")]
PATIENCE = 60_000
COUNT = scatter.MANY + 500


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The enlarged checkpoint, in a folder of checkpoints."""
    root = tmp_path_factory.mktemp("many") / "checkpoints"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MTAA_CHECKPOINTS", raising=False)  # that of a workshop opened before in this process
        enlarge(COUNT, root)
    return root


@pytest.fixture
def page(browser: Browser, folder: Path, tmp_path: Path) -> Iterator[Page]:
    """A visit of the page; an error of the page fails the test."""
    with served({"MTAA_HOME": str(tmp_path), "MTAA_CHECKPOINTS": str(folder)}) as address:
        found, errors = browser.new_page(viewport={"width": 1400, "height": 900}), []
        found.on("pageerror", lambda error: errors.append(str(error)))
        found.goto(f"{address}/signatures")
        chart = found.get_by_label(f"t-SNE map of {COUNT:,} known examples", exact=False)
        expect(chart).to_be_visible(timeout=PATIENCE)
        settled(found)
        found.wait_for_timeout(1000)  # what draws on the map looks for it now and then
        yield found
        found.close()
        assert errors == []


def test_an_outline_selects_among_all_and_outlives_a_change_of_colour(page: Page, folder: Path) -> None:
    horizontal = store.load(folder / NAME / cards.SIGNATURES).maps["tsne-2-attack"][:, 0]
    told = page.get_by_text("known examples inside the selection")
    drag(page, [(0.02, 0.02), (0.5, 0.98)])
    expect(told).to_be_visible(timeout=PATIENCE)
    left = np.array([int(row["example"]) for row in rows(page)])
    others = np.setdiff1d(np.arange(COUNT), left)
    assert 0.1 * COUNT < len(left) < COUNT
    assert horizontal[left].max() <= horizontal[others].min() + 1e-3

    page.locator(".st-key-atlas-colour-by").get_by_text("source model", exact=True).click()
    expect(page.get_by_label("coloured by source model", exact=False)).to_be_visible(timeout=PATIENCE)
    settled(page)
    expect(told).to_contain_text(f"{len(left):,} known examples")

    page.locator(".js-plotly-plot").first.hover()
    page.locator("[data-attr=dragmode][data-val=lasso]").first.click()
    drag(page, [(0.97, 0.4), (0.97, 0.98), (0.02, 0.98), (0.02, 0.02), (0.97, 0.02)])
    expect(told).not_to_contain_text(f"{len(left):,} known examples", timeout=PATIENCE)
    assert len(rows(page)) > 0.9 * COUNT

    page.locator(".js-plotly-plot .nsewdrag").first.dblclick(position={"x": 9, "y": 60})
    expect(told).to_have_count(0, timeout=PATIENCE)


def test_pointing_asks_for_the_picture_and_a_click_shows_the_example(page: Page, folder: Path) -> None:
    _, x, y = spot(page)
    pointed = page.get_by_text(re.compile(r"^Example \d+: "))
    for _ in range(PATIENCE // 2000):  # a move that comes while the map is being drawn is nobody's
        page.mouse.move(x - 4, y - 4)
        page.mouse.move(x, y, steps=3)
        page.wait_for_timeout(2000)
        if pointed.count():
            break
    expect(pointed).to_be_visible()
    page.wait_for_timeout(1000)  # the picture is unpacked after its words
    place = int(pointed.inner_text().split(":")[0].removeprefix("Example "))
    drawn = page.get_by_role("img", name="Example under the pointer").evaluate(
        "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data)"
    )
    card = cards.read(NAME)
    examples = read_export(folder / NAME / cards.TEST_SPLIT, card.attacks, card.victims)
    assert (np.array(drawn).reshape(28, 28, 4)[..., 0] == examples.images[place, 0]).all()
    page.mouse.click(x, y)
    expect(page.get_by_text(f"Example {place}, from")).to_be_visible(timeout=PATIENCE)
