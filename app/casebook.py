"""The evidence store behind the pages: opened once, asked for pictures, and acted on with every fault told."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app import access, pictures
from app.who import who
from app.words import plain
from mtaa import api
from mtaa.api import cases

PAGE = "pages/cases.py"
COLOURS: dict[str, Any] = {"open": "blue", "to be checked": "orange", "closed": "gray"}
_PROBLEM = "case-problem"


@st.cache_resource(max_entries=2, show_spinner="Opening the evidence store…")
def _opened(place: tuple[str, str]) -> Any:
    return cases.open_store()


def store() -> "cases.Store":
    """The evidence store, shared by all visits. Raises `api.MtaaError`."""
    return _opened(cases.place())


def actor() -> str:
    """For whom the page acts."""
    return who() or cases.LOCAL


@st.cache_data(max_entries=2000, show_spinner=False)
def thumbnail(place: tuple[str, str], sha256: str, channels: int, side: int) -> bytes | None:
    """A small PNG of a kept image; None where its bytes are missing or changed."""
    try:
        found = cases.pixels(_opened(place).image(sha256), channels, side)
    except api.MtaaError:
        return None  # opening the image says why
    return pictures.png(found, pictures.SMALL)


def tile(sha256: str, channels: int, side: int, words: str) -> None:
    """Render a thumbnail, or that there is none."""
    small = thumbnail(cases.place(), sha256, channels, side)
    if small is None:
        st.badge("broken", icon=":material/broken_image:", color="red")
    else:
        st.image(small, width=pictures.SMALL, alt=words)


def act(done: str, action: Callable[..., Any], *arguments: Any, also: Sequence[str] = ()) -> Any:
    """Have the store do something for the visitor; `done` is said when it is, or why it is not at the page's top.

    also: acts that the visitor must be allowed to do as well.
    """
    try:
        for act_ in also:
            access.require(act_)
        result = access.do(action.__name__, action, *arguments, actor=actor())
    except api.MtaaError as error:
        st.session_state[_PROBLEM] = str(error)
        return None
    if done:
        st.toast(plain(done), icon=":material/check:")
    return result


def told() -> None:
    """What went wrong in the last action, once."""
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        st.error(plain(problem), icon=":material/error:")


def count(number: int, thing: str) -> str:
    """`1 image`, `2 images`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def when(at: str) -> str:
    """A time of the records, to the minute."""
    return f"{at[:16].replace('T', ' ')} UTC"


def written(text: str, by: str, head: str = "") -> None:
    """Render what an analyst wrote, never read as Markdown, and who and when."""
    with st.container(border=True, gap="xsmall"):
        if head:
            st.markdown(head)
        if text:
            st.text(text)
        st.caption(by)
