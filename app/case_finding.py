"""Which case the page's address names: `?case=7`, `?image=` and the first digits of a hash, or both."""

import streamlit as st

from app.words import plain
from mtaa import api
from mtaa.api import cases

_WHY = "case-not-found"


def wanted(store: "cases.Store") -> tuple[int | None, str]:
    """The case and the hash prefix of the image; no case where none is named or none is found, and `told` says why."""
    number, image = st.query_params.get("case", ""), st.query_params.get("image", "").lower()
    if number:
        return (_existing(store, number), image)
    if not image:
        return None, ""
    try:
        found = store.holding(image)
    except api.MtaaError as error:
        st.session_state[_WHY] = str(error)
        return None, ""
    if len(found) == 1:
        return found[0]
    if not found:
        st.session_state[_WHY] = f"No case holds an image whose SHA-256 begins with {image}."
    else:
        numbers = ", ".join(str(one) for one in sorted({case for case, _ in found}))
        st.session_state[_WHY] = f"Images whose SHA-256 begins with {image} are in the cases {numbers}."
    return None, ""


def told() -> None:
    """Why the address led here and not to a case."""
    why = st.session_state.pop(_WHY, None)
    if why is not None:
        st.warning(plain(why), icon=":material/search_off:")


def _existing(store: "cases.Store", number: str) -> int | None:
    if number.isascii() and number.isdecimal() and len(number) < 10 and store.has(int(number)):
        return int(number)
    st.session_state[_WHY] = f"There is no case {number[:40]}; it was deleted or never opened."
    return None
