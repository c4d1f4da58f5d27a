"""The real app in a process of its own, and a Chromium that talks to nobody else."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90
# A browser of its own accord updates, synchronises and measures; what is watched here is the page alone.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
]


def chromium() -> str | None:
    """The path of a Chromium on this machine, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def served(moved: dict[str, str] | None = None, root: Path = ROOT) -> Iterator[str]:
    """The address of the app, started as `mtaa up` starts it, on a free port and with what the repository bundles.

    `moved` are variables such as `MTAA_HOME` for an app that keeps its things elsewhere; `root` is another checkout.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MTAA_", "STREAMLIT_"))}
    environment |= moved or {}
    command = [sys.executable, "-m", "mtaa.cli", "up", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """A headless browser from the executable at `path`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def enter(page: Page, address: str) -> None:
    """Open the page Attribute and wait until it is drawn."""
    page.goto(address)
    page.get_by_test_id("stMain").get_by_role("link", name="Attribute").click(timeout=60_000)
    page.get_by_role("heading", name="Attribute", exact=True).wait_for(timeout=60_000)
    settled(page)


def settled(page: Page) -> None:
    """Wait until the script has run and what it sent is drawn."""
    page.wait_for_timeout(200)  # a click takes a moment to set the script running
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    page.wait_for_selector("[data-testid=stSkeleton]", state="detached", timeout=60_000)
    page.wait_for_selector("[data-stale=true]", state="detached", timeout=60_000)


def _wait(address: str, process: subprocess.Popen[str]) -> None:
    """Return once the app answers. Raises `RuntimeError`, with what it printed, where it ends or stays silent."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy of the machine knows no loopback
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with opener.open(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    process.terminate()
    raise RuntimeError(f"the app must answer at {address}, got: {process.communicate()[0][-2000:]}")
