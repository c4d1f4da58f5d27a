"""Attribute: images in, verdicts out."""

import streamlit as st

from app import attributing, choosing, frame
from mtaa import api

card = frame.sidebar()
st.title("Attribute", anchor=False)
st.caption("Which attack made this image, on which source model, and how strong was it?")

if card is not None:
    try:
        files = choosing.uploads()
        if len(files) > 1:
            attributing.several(files, card)
        elif files:
            attributing.single(files[0], card)
        else:
            offers = choosing.offered(card)
            sample = choosing.in_use(offers)
            if sample is None:
                attributing.empty(bool(offers))
            choosing.gallery(offers, sample)
            if sample is not None:
                attributing.sample(sample, card)
    except api.MtaaError as error:
        frame.problem(error)
