"""The image that the address of the page Attribute names: `?image=` and the first digits of its hash."""

from collections.abc import Sequence

import streamlit as st

from app import casebook
from app.service import File

_NAME, DIGITS, FEWEST = "image", 16, 8


def named() -> str:
    """The digits in the address; empty where it names no image."""
    return st.query_params.get(_NAME, "").strip().lower()


def place(hashes: Sequence[str]) -> int | None:
    """Where among `hashes` the image is that the address names."""
    digits = named()
    if len(digits) < FEWEST:
        return None
    return next((place for place, sha256 in enumerate(hashes) if sha256.startswith(digits)), None)


def put(sha256: str) -> None:
    """Have the address name the image that is shown."""
    if named() != sha256[:DIGITS]:
        st.query_params[_NAME] = sha256[:DIGITS]


def forget() -> None:
    """Have the address name none."""
    st.query_params.pop(_NAME, None)


def kept() -> tuple[int, File] | None:
    """The first case that holds the image, and the image; None where no case does. Raises `api.MtaaError`."""
    store = casebook.store()
    found = store.holding(named())
    if not found:
        return None
    number, sha256 = found[0]
    exhibit = next(one for one in store.case(number).images if one.sha256 == sha256)
    return number, (exhibit.name, store.image(sha256))
