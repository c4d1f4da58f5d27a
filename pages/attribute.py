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
        sample = None if files else choosing.sample()
        if len(files) > 1:
            attributing.several(files, card)
        elif files:
            attributing.one(files[0], card)
        elif sample is not None:
            attributing.one((sample.file, api.read_sample(sample)), card, sample)
        else:
            attributing.empty()
    except api.MtaaError as error:
        st.error(str(error))
