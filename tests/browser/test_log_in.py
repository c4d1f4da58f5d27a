"""People who log in, at a provider or at a proxy: the way in, what their role lets them do, and the way out."""

import importlib.util
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import workbench
from tests.browser.proxy import proxied

pytestmark = pytest.mark.browser
ACCESS = """
[users]
"analyst@example.org" = "analyst"
"forger@example.org" = "operator"
"""
ANALYST = re.compile(r"analyst.?@example\.org, analyst")  # a sign that nobody sees keeps it from becoming a link


def heading(page: Page, words: str) -> None:
    page.get_by_role("heading", name=words, exact=True).wait_for(timeout=60_000)


def log_in(page: Page, person: str) -> None:
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name=person).click(timeout=60_000)


def home(folder: Path, access: str) -> dict[str, str]:
    """Where an app keeps its things, and who may do what there."""
    (folder / "access.toml").write_text(access)
    return {"MTAA_HOME": str(folder), "HOME": str(folder), "NO_PROXY": "127.0.0.1"}


@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("authlib", "httpx", "joserfc"))), reason="needs Authlib: mtaa[oidc]"
)
def test_in_by_a_provider_and_out_again(browser: Browser, tmp_path: Path) -> None:
    from tests.browser.provider import CLIENT, SECRET, provided

    moved = home(tmp_path, ACCESS)
    (tmp_path / ".streamlit").mkdir()
    with provided() as issuer:
        (tmp_path / ".streamlit" / "secrets.toml").write_text(
            '[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "known to nobody else"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
            f'server_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
        )
        with workbench.served(moved) as address:
            context = browser.new_context(viewport={"width": 1400, "height": 900})
            page = context.new_page()
            for path in ("", "/cases", "/models"):
                page.goto(address + path)
                heading(page, "Log in")
                workbench.settled(page)
                expect(page.get_by_test_id("stSelectbox")).to_have_count(0)
            log_in(page, "stranger")
            heading(page, "No role")
            page.get_by_role("button", name="Log out").click()
            heading(page, "Log in")
            log_in(page, "forger")
            heading(page, "Log in")
            log_in(page, "analyst")
            page.get_by_text(ANALYST).wait_for(timeout=60_000)
            _as_analyst(page, address)
            page.get_by_test_id("stSidebar").get_by_role("button", name="Log out").click()
            heading(page, "Log in")
            page.goto(f"{address}/cases?case=1")
            heading(page, "Log in")
            context.close()


def _as_analyst(page: Page, address: str) -> None:
    """Open a case, which is recorded under the name; what operators do is not offered."""
    page.goto(f"{address}/cases")
    page.get_by_role("button", name="New case").click(timeout=60_000)
    page.get_by_label("Title").fill("Mine")
    page.get_by_role("button", name="Open the case").click()
    heading(page, "Mine")
    expect(page.get_by_text(re.compile("by analyst.?@example"))).to_be_visible()
    workbench.settled(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Delete for good")).to_be_disabled()
    page.goto(f"{address}/retrain")
    page.get_by_text("New jobs are started by operators.").wait_for(timeout=60_000)


def test_in_by_a_declared_proxy(browser: Browser, tmp_path: Path) -> None:
    moved = home(tmp_path, 'trust_header = "X-Forwarded-User"\n' + ACCESS)
    with workbench.served(moved) as address, proxied(address, "analyst@example.org") as front:
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(address)  # past the proxy
            heading(page, "Log in")
            expect(page.get_by_text("No log-in reached this page")).to_be_visible()
        with browser.new_context(extra_http_headers={"X-Forwarded-User": "forger@example.org"}) as context:
            page = context.new_page()
            page.goto(front)
            page.get_by_text(ANALYST).wait_for(timeout=60_000)
            expect(page.get_by_role("button", name="Log out")).to_have_count(0)
