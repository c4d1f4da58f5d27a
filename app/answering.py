"""A verdict as answers to what an analyst asks, in the order it is asked; what it rests on follows on the page."""

import streamlit as st

from app.words import plain
from mtaa import api

WHY = "Why?"


def show(verdict: api.Verdict) -> None:
    """Render the answers but for why, which the rest of the page says."""
    st.table(
        [
            {"question": f"**{one.question}**", "answer": _said(one)}
            for one in api.answers(verdict)
            if one.question != WHY
        ],
        border="horizontal",
        hide_index=True,
        hide_header=True,
    )


def _said(one: api.Answer) -> str:
    rest = "  \n".join(plain(part) for part in one.rest) if not one.short else plain(" ".join(one.rest))
    return " ".join(part for part in (f"**{plain(one.short)}.**" if one.short else "", rest) if part)
