"""Takes the README's picture from the real app: `python -m tests.browser.screenshots`."""

import sys

from mtaa import api
from tests.browser import workbench

TARGET = workbench.ROOT / "assets" / "screenshot.png"
WIDTH, TALLEST, LARGEST_BYTES = 1400, 1600, 300_000
ATTACK = "pgd"


def main() -> None:
    """Write the picture of a sample's verdict, in the light theme, or end with what is missing."""
    path = workbench.chromium()
    sample = next((one for one in api.samples() if one.attack == ATTACK), None)
    if path is None or sample is None:
        sys.exit(f"Chromium and a sample of {ATTACK} are needed, got {path} and {sample}")
    with workbench.served() as address, workbench.launched(path) as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        workbench.enter(page, address)
        page.locator(f"[class*=st-key-sample-{ATTACK}] button:visible").first.click()
        page.get_by_text("Known truth:").wait_for(timeout=60_000)
        workbench.settled(page)
        page.mouse.move(0, 0)  # nothing is hovered
        height = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
        page.set_viewport_size({"width": WIDTH, "height": min(height, TALLEST)})
        page.wait_for_timeout(1000)  # charts fit themselves to the new size
        page.screenshot(path=str(TARGET))
    size = TARGET.stat().st_size
    if size > LARGEST_BYTES:
        sys.exit(f"{TARGET.name} must be at most {LARGEST_BYTES:,} bytes, got {size:,}")
    print(f"{TARGET.name}: {WIDTH} pixels wide, {size:,} bytes")


if __name__ == "__main__":
    main()
