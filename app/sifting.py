"""The filters and the order of a table of verdicts, as a row of widgets."""

import streamlit as st

from app import triage
from app.words import NOBODY
from mtaa import api

_WIDTH = 160


def show(card: api.Card) -> triage.Wanted:
    """Render the widgets and return what they ask for."""
    # Of fixed width, so that a narrow screen gets two in a row instead of a column of five.
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        attacks = st.multiselect(
            "Attack",
            card.attacks,
            format_func=api.title,
            key=f"sift-attack-{card.name}",
            placeholder="any",
            width=_WIDTH,
        )
        victims = st.multiselect(
            "Source model",
            [name for name in card.victims if name != NOBODY],
            format_func=api.title,
            key=f"sift-victim-{card.name}",
            placeholder="any",
            width=_WIDTH,
        )
        low, high = st.slider(
            "Confidence",
            0,
            100,
            triage.Wanted.confidence,
            format="%d%%",
            key="sift-confidence",
            help="The lower of two probabilities: of the attack, and of the source model where one is named.",
            width=_WIDTH,
        )
        order = st.selectbox(
            "Order",
            list(triage.ORDERS),
            key="sift-order",
            help="Previous and next follow it; a click on a column's head changes the table alone.",
            width=_WIDTH,
        )
        is_doubtful = st.toggle(
            "Needs a look",
            key="sift-doubtful",
            help="Only what was refused or changed, is undecided or of an unknown tool-chain, or has a confidence "
            f"below {triage.LOW:.0%}.",
        )
    return triage.Wanted(tuple(attacks), tuple(victims), (low, high), is_doubtful, order)


def clear(card: api.Card) -> None:
    """Back to all results; the order is kept."""
    for key in (f"sift-attack-{card.name}", f"sift-victim-{card.name}", "sift-confidence", "sift-doubtful"):
        st.session_state.pop(key, None)
