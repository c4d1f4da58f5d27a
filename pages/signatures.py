"""Signatures: the known examples of a checkpoint on a map, and where images lie among them."""

import streamlit as st

from app import atlas, believing, exploring, frame, placing, remaking
from mtaa import api

card = frame.sidebar()
st.title("Signatures", anchor=False)
st.caption("Where does an image lie among the known signatures of this checkpoint?")

if card is not None:
    try:
        known = atlas.read(card)
        if known is not None:
            found = placing.place(placing.uploads(), card)
            remaking.progress(card)
            view = atlas.choose(known, remaking.choose(card))
            exploring.show(known, card, view, found)
            placing.show(found, known, card, view)
            believing.show(known, view)
            remaking.ask(known, card)
    except api.MtaaError as error:
        frame.problem(error)
