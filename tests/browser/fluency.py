"""Times the page Signatures with many points in a real browser: `python -m tests.browser.fluency --points 50000`.

`--root` serves another checkout of the app, to compare. A time is from the act until the page is at rest: what it sent
is answered and drawn, and frames come in time again. Beside it stand the processor seconds of the app, of the page and
of the process that draws, which say more where the machine is busy with other things.
"""

import argparse
import collections
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, WebSocket

from tests.browser import workbench
from tests.browser.enlarged import enlarge

REST = 1.0  # seconds without work after which the page is at rest
PATIENCE = 300_000
MOVES = 20
TICKS = os.sysconf("SC_CLK_TCK")
WATCH = """
(() => {
  const rest = (window.rest = { since: 0, frames: [] })
  let last = performance.now()
  const frame = () => {
    const now = performance.now()
    rest.frames.push(now - last)
    if (now - last > 250) rest.since = now
    last = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) rest.since = Math.max(rest.since, one.startTime + one.duration)
  }).observe({ type: "longtask" })
})()
"""
BUSY = "[data-testid=stApp]:not([data-test-script-state=notRunning]), [data-testid=stSkeleton], [data-stale=true]"


class Stopwatch:
    """Acts on a page, and prints what each act took."""

    def __init__(self, page: Page) -> None:
        self.page, self.received, self.sent = page, 0, 0
        page.add_init_script(WATCH)
        page.on("websocket", self._listen)

    def time(self, name: str, act: Callable[[], object], awaited: Locator | None = None) -> None:
        """Print the seconds from the act until the page is at rest and `awaited` is there."""
        before, received, sent = processors(), self.received, self.sent
        began = self._now()
        act()
        if awaited is not None:
            awaited.wait_for(timeout=PATIENCE)
        ended = self._rest()
        spent = {part: seconds - before[part] for part, seconds in processors().items()}
        parts = ", ".join(f"{part} {seconds:.1f}" for part, seconds in sorted(spent.items()))
        traffic = f"{(self.received - received) / 1e6:.2f} MB in, {(self.sent - sent) / 1e6:.2f} MB out"
        print(f"{name:28} {ended - began:6.2f} s   processor {parts} s   {traffic}", flush=True)

    def frames(self, name: str, act: Callable[[], object]) -> None:
        """Print how many frames a second are drawn during the act."""
        before = processors()
        self.page.evaluate("rest.frames.length = 0")
        act()
        gaps: list[float] = sorted(self.page.evaluate("rest.frames"))
        self._rest()
        spent = {part: seconds - before[part] for part, seconds in processors().items()}
        parts = ", ".join(f"{part} {seconds:.1f}" for part, seconds in sorted(spent.items()))
        rate, slowest = 1000 * len(gaps) / sum(gaps), gaps[-1] / 1000
        print(f"{name:28} {rate:6.1f} frames/s, slowest {slowest:.2f} s   processor {parts} s", flush=True)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: setattr(self, "received", self.received + len(data)))
        socket.on("framesent", lambda data: setattr(self, "sent", self.sent + len(data)))

    def _now(self) -> float:
        now: float = self.page.evaluate("performance.now() / 1000")
        return now

    def _rest(self) -> float:
        """When the page came to rest, on its own clock."""
        last = self._now()
        while True:
            self.page.wait_for_timeout(100)
            busy, since, now = self.page.evaluate(
                "busy => [!!document.querySelector(busy), rest.since / 1000, performance.now() / 1000]", BUSY
            )
            last = now if busy else max(last, since)
            if now - last > REST:
                return last


def processors() -> collections.Counter[str]:
    """Processor seconds so far of what this process started: the app, the browser's pages, and what draws for them."""
    spent: collections.Counter[str] = collections.Counter(app=0, page=0, drawing=0)
    children: dict[int, list[int]] = collections.defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            children[int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])].append(int(folder.name))
        except OSError:
            continue
    waiting = list(children[os.getpid()])
    while waiting:
        folder = Path("/proc") / str(number := waiting.pop())
        waiting += children[number]
        try:
            command, fields = (folder / "cmdline").read_text(), (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        kinds = {"app.serve": "app", "--type=renderer": "page", "--type=gpu-process": "drawing"}
        kind = next((kind for sign, kind in kinds.items() if sign in command), "")
        if kind:
            spent[kind] += (int(fields[11]) + int(fields[12])) / TICKS
    return spent


def drag(page: Page, corners: list[tuple[float, float]], release: bool = True) -> None:
    """Press on the map, through `corners` in shares of its width and height, and let go."""
    box = page.locator(".js-plotly-plot").first.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    if release:
        page.mouse.up()


def session(page: Page, address: str) -> None:
    """One visit: draw, select, recolour, point, pan, turn."""
    watch = Stopwatch(page)
    workbench.enter(page, address)
    chart, table = page.locator(".js-plotly-plot").first, page.get_by_text("known examples inside the selection")
    watch.time("draw", page.get_by_role("link", name="Signatures").click, page.locator(".nsewdrag").first)
    chart.scroll_into_view_if_needed()
    across = [(0.05 + 0.4 * step / MOVES, 0.05 + 0.85 * step / MOVES) for step in range(MOVES + 1)]
    watch.frames("draw a box", lambda: drag(page, across, release=False))
    watch.time("select by it", page.mouse.up, table)
    print(f"{'':28} {table.inner_text()}")
    for colour in ("source model", "strength"):
        chosen = page.locator(".st-key-atlas-colour-by").get_by_text(colour, exact=True)
        watch.time(f"recolour by {colour}", chosen.click)
    chart.hover()
    page.locator("[data-attr=dragmode][data-val=pan]").first.click()
    watch.frames("pan", lambda: drag(page, [(0.3 + 0.01 * step, 0.5) for step in range(MOVES)]))
    watch.time("zoom in", page.locator("[data-attr=zoom][data-val=in]").first.click)
    box = chart.bounding_box()
    assert box is not None
    for step in range(MOVES):
        page.mouse.move(box["x"] + (0.3 + 0.01 * step) * box["width"], box["y"] + 0.5 * box["height"])
    watch.time("3-D", page.locator(".st-key-atlas-view").get_by_text("3-D").click, page.locator("#scene").first)
    watch.frames("turn", lambda: drag(page, [(0.3 + 0.01 * step, 0.5) for step in range(MOVES)]))


def main() -> None:
    """Make the points, serve them, and time a visit; not the first one, in which the app reads them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--points", type=int, default=50_000)
    asked.add_argument("--root", type=Path, default=workbench.ROOT, help="the checkout whose app is served")
    given, path = asked.parse_args(), workbench.chromium()
    if path is None:
        asked.exit(2, "Chromium is needed, got none on the path (Debian: apt-get install chromium)\n")
    with tempfile.TemporaryDirectory(prefix="mtaa-") as folder:
        enlarge(given.points, Path(folder) / "checkpoints")
        moved = {f"MTAA_{name.upper()}": str(Path(folder) / name) for name in ("home", "checkpoints")}
        with workbench.served(moved, given.root) as address, workbench.launched(path) as browser:
            warm = browser.new_page()
            warm.goto(f"{address}/signatures")
            warm.locator(".js-plotly-plot").first.wait_for(timeout=PATIENCE)
            warm.close()
            session(browser.new_page(viewport={"width": 1400, "height": 900}), address)


if __name__ == "__main__":
    main()
