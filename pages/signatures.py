"""Signatures: the known examples of a checkpoint on a map, and where images lie among them."""

import streamlit as st

from app import atlas, frame, inside, placing
from mtaa import api

card = frame.sidebar()
st.title("Signatures", anchor=False)
st.caption("Where does an image lie among the known signatures of this checkpoint?")

if card is not None:
    try:
        known = atlas.read(card)
        if known is not None:
            found = placing.place(placing.uploads(), card)
            view = atlas.choose(known)
            chosen = atlas.show(known, card, view, found)
            placing.show(found, known, card, view)
            inside.show(chosen, known, card)
            atlas.quality(known, view)
    except api.MtaaError as error:
        frame.problem(error)
