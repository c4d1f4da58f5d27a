"""Who can't see well, or has no mouse: what a page does wrong by them, as measured in the page itself."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.workbench import settled

SCRIPT = Path(__file__).with_name("audit.js").read_text(encoding="utf-8")
FADED = 1000  # milliseconds after which a tooltip on its way out is gone
MOST_STOPS, IDLE = 250, 4  # past the last one the focus is nowhere for a moment


def faults(page: Page, tabbing: bool = False) -> dict[str, list[Any]]:
    """What is at fault, by kind: `contrast`, `unnamed`, `pictures`, and with `tabbing` `unreached` too."""
    settled(page)
    if tabbing:
        tab_through(page)
        page.wait_for_timeout(FADED)
    found: dict[str, list[Any]] = page.evaluate(SCRIPT)
    if not tabbing:
        del found["unreached"]
    return {kind: which for kind, which in found.items() if which}


def tab_through(page: Page) -> None:
    """Press Tab until it comes round; the page takes note of what was reached."""
    page.evaluate(
        """() => {
            window.reached = new Set()
            document.activeElement?.blur()
            document.addEventListener("focusin", (event) => window.reached.add(event.target))
        }"""
    )
    known = idle = 0
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        count = page.evaluate("() => window.reached.size")
        idle, known = (idle + 1 if count == known else 0), count
        if idle == IDLE:
            return
    raise AssertionError(f"Tab must come round within {MOST_STOPS} stops")
