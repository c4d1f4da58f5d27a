"""One app and one browser for all browser tests; each test gets a visit of its own, which must end without a fault."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import workbench
from tests.needed import missing


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium. Skips where there is none, and fails where one is asked for."""
    path = workbench.chromium()
    if path is None:
        missing("no Chromium was found on the path (Debian: apt-get install chromium)", "MTAA_REQUIRE_BROWSER")
    with workbench.launched(path) as launched:
        yield launched


@pytest.fixture(scope="session")
def address(browser: Browser) -> Iterator[str]:
    """Where the app answers; asks for the browser first, so that nothing is started in vain."""
    with workbench.served() as served:
        yield served


@pytest.fixture
def visit(browser: Browser, address: str) -> Callable[..., AbstractContextManager[Page]]:
    """Opens the app in a fresh browser context. Fails where the page calls another host or the console has an error."""

    @contextmanager
    def opened(width: int = 1400, **options: Any) -> Iterator[Page]:
        called, errors = [], []
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        page = context.new_page()
        context.on("request", lambda request: called.append(request.url))
        page.on("websocket", lambda socket: called.append(socket.url.replace("ws://", "http://")))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        workbench.enter(page, address)
        yield page
        workbench.settled(page)
        # Browsers fetch the icon unseen by those who watch requests; its address is in the document.
        called += page.locator("link[rel~=icon]").evaluate_all("links => links.map(link => link.href)")
        context.close()
        assert [url for url in called if not url.startswith((f"{address}/", "data:", f"blob:{address}/"))] == []
        assert len(called) > 5
        assert errors == []

    return opened
