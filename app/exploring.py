"""The map and what one looks at on it: a picture under the pointer, one example in full, all those selected."""

import numpy as np
import streamlit as st

from app import atlas as charted
from app import hovering, inside, known, service
from app.pictures import png
from app.words import plain
from mtaa import api

PICTURE = 168


@st.fragment
def show(atlas: api.Atlas, card: api.Card, view: charted.View, found: list[service.Place]) -> None:
    """Render them. A fragment: a selection on the map draws this part anew, not the page."""
    drawn, beside = st.columns([4, 1], gap="medium")
    with drawn:
        chosen = charted.draw(atlas, card, view, found)
    with beside:
        _beside(chosen, atlas, card)
    if len(chosen) > 1:
        inside.show(chosen, atlas, card)


@st.fragment
def _beside(chosen: np.ndarray, atlas: api.Atlas, card: api.Card) -> None:
    """Pointing, clicking and stepping leave even the map as it is."""
    _example(chosen, hovering.show(card, atlas), atlas, card)


def _example(chosen: np.ndarray, clicked: int | None, atlas: api.Atlas, card: api.Card) -> None:
    """One example in full: of those selected, counted from 1, else of all, each by its own number, which begin at 0.

    The field's arrow keys and signs step through them.
    """
    listed, first = (chosen, 1) if len(chosen) else (np.arange(len(atlas)), 0)
    last = len(listed) - 1 + first
    label = f"Selected, of {last:,}" if len(chosen) else f"Example, 0 to {last:,}"
    # Another selection begins with its first one.
    key = f"example-{hash(chosen.tobytes())}"
    if clicked is not None and clicked in listed:
        st.session_state[key] = int(np.searchsorted(listed, clicked)) + first
    number = st.number_input(label, first, last, key=key, help="Arrow up and down step through them.")
    place = int(listed[number - first])
    words = known.truth(atlas, card, place)
    (pixels,) = api.known_pixels(card, np.array([place]))
    st.image(png(pixels, 2 * PICTURE), width=PICTURE, alt=f"Example {place}: {words}")
    (row,) = known.rows(atlas, card, np.array([place]))
    said = "" if row["right"] == known.VERDICTS[0] else f"  \nTaken for {plain(known.taken_for(atlas, place))}"
    st.markdown(f"**{plain(words)}**  \n{row['right'].capitalize()}{said}")
    st.caption(f"Example {place}, from {plain(row['source_image'])}")
