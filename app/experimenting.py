"""Every experiment with its record: what it asks, and the tables that the README shows of it."""

import streamlit as st

from app import frame
from app.words import plain
from mtaa import api

KEY = "experiment"  # of the choice, and of the page's address, which names it by its title


def show(card: api.Card) -> None:
    """Render the record of the one that is chosen; where there is none, the command that makes it."""
    chosen = _choose({one.title: one for one in api.experiments()})
    st.markdown(f"**{plain(_asked(chosen))}**")
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


def _choose(offered: dict[str, api.Experimented]) -> api.Experimented:
    titles = list(offered)
    wanted = st.query_params.get(KEY)
    title = st.selectbox(
        "Experiment",
        titles,
        index=titles.index(wanted) if wanted in titles else 0,
        format_func=lambda one: _named(offered[one]),
        key=KEY,
        on_change=_address,
    )
    return offered[title]


def _named(one: api.Experimented) -> str:
    """An experiment as it is offered: `Table 9, not measured here: Do more attacks make it harder?`."""
    return f"{one.title}{'' if one.is_made else ', not measured here'}: {_asked(one)}"


def _asked(one: api.Experimented) -> str:
    return f"{one.description[:1].upper()}{one.description[1:]}"


def _address() -> None:
    st.query_params[KEY] = st.session_state[KEY]
