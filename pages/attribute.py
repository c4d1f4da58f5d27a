"""Attribute: images in, verdicts out."""

import streamlit as st

from app import attributing, choosing, frame, several
from mtaa import api

card = frame.sidebar()
st.title("Attribute", anchor=False)
st.caption("Which attack made this image, on which source model, and how strong was it?")

if card is not None:
    try:
        files = choosing.uploads()
        if len(files) > 1:
            several.show(files, card)
        elif files:
            attributing.single(files[0], card)
        else:
            attributing.without_files(card)
    except api.MtaaError as error:
        frame.problem(error)
