"""Every experiment with its record: what it asks, and the tables that the README shows of it."""

import streamlit as st

from app import frame
from app.words import plain
from mtaa import api


def show(card: api.Card) -> None:
    """Render the record of the one that is chosen; where there is none, the command that makes it."""
    offered = {one.title: one for one in api.experiments()}
    title = st.selectbox("Experiment", list(offered), key="experiment", bind="query-params")
    chosen = offered[title]
    asked = f"{chosen.description[:1].upper()}{chosen.description[1:]}"
    st.markdown(f"**{plain(asked)}**")
    if not chosen.is_made:
        st.info("This has not been measured here:", icon=":material/experiment:")
        st.code(f"mtaa experiment {chosen.name}", language=None)
        return
    try:
        text = api.experiment(chosen.name)
    except api.MtaaError as error:
        frame.problem(error)
        return
    for block in text.split("\n\n"):  # an element each, so that a wide table scrolls by itself
        st.markdown(block)
