"""Acts that only some visitors may do, each in one place: whether this one may, what was done, and why it was not."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from app import access
from app.words import plain
from mtaa import api

_SAID = "acting-said"


def said() -> None:
    """What the last step did, or why it was not done, once."""
    kind, words = st.session_state.pop(_SAID, ("", ""))
    if kind == "done":
        st.success(plain(words), icon=":material/check:")
    elif kind:
        st.error(plain(words), icon=":material/error:")


def button(act: str, label: str, step: Callable[[], Any], words: str, **options: Any) -> None:
    """A button that has an act of `access.ACTS` done by `step`; `words` say that it was."""
    st.button(label, on_click=_do, args=(act, step, words), disabled=not access.may(act), **options)


def _do(act: str, step: Callable[[], Any], words: str) -> None:
    try:
        access.do(act, step)
    except api.MtaaError as error:
        tell("refused", str(error))
    else:
        tell("done", words)


def tell(kind: Literal["done", "refused"], words: str) -> None:
    """Have `said` say so in the next run of the page."""
    st.session_state[_SAID] = (kind, words)
