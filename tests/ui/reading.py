"""How tests enter the app, act on its pages and read what they say."""

from collections.abc import Iterable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mtaa.core import paths

Named = tuple[str, bytes]


def first() -> AppTest:
    """The first page, freshly opened."""
    entry = paths.ROOT / "streamlit_app.py"
    return AppTest.from_file(str(entry), default_timeout=30).run()


def enter(page: str = "attribute") -> AppTest:
    """A page, entered by way of the first one."""
    return first().switch_page(f"pages/{page}.py").run()


def upload(page: AppTest, *files: Named, key: str = "uploads") -> AppTest:
    uploader = next(one for one in page.get("file_uploader") if one.key == key)
    given: Any = [(name, data, "image/png") for name, data in files]
    uploader.set_value(given[0] if key.startswith("reference-") else given)
    return page.run()


def pick(page: AppTest, file: str) -> AppTest:
    return page.button(key=f"sample-{file}").click().run()


def said(page: AppTest) -> str:
    """All that is written on the page as Markdown, escapes taken away."""
    parts: Iterable[Any] = [*page.title, *page.subheader, *page.markdown, *page.caption, *page.error, *page.warning]
    return "\n".join(part.value for part in parts).replace("\\", "")


def charts(page: AppTest) -> list[str]:
    """The texts that stand for the charts."""
    return [chart.proto.alt for chart in page.get("plotly_chart")]


def cells(page: AppTest) -> list[str]:
    return [str(value) for table in page.table for value in table.value.to_numpy().ravel()]


def downloads(patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the download buttons would give, by label, filled as they are drawn: bytes, or what writes them."""
    given: dict[str, Any] = {}
    draw = st.download_button

    def noted(label: str, data: Any, *rest: Any, **options: Any) -> bool:
        given[label] = data
        return draw(label, data, *rest, **options)

    patch.setattr(st, "download_button", noted)
    return given


def assert_well(page: AppTest) -> None:
    assert not page.exception
    assert not page.error


def links(page: AppTest) -> list[tuple[str, str]]:
    """What the page's links to other pages are called, and the query of each."""
    return [(one.proto.label.replace("\\", ""), one.proto.query_string) for one in page.get("page_link")]
