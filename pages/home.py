"""Home: what the workbench does, how it stands, and a tour that needs nothing else."""

import streamlit as st

from app import demo, frame, overview, standing
from mtaa import api

frame.promise()
st.title("Who is behind an adversarial image?", anchor=False)
st.markdown(
    "The workbench names the attack algorithm, the source model and the strength that made an adversarial image, each "
    "with a probability or an interval. Around that it shows what the answer rests on, the known examples nearest to "
    "the image, and how far each answer can be believed."
)

try:
    overview.links()
    card = overview.active()
    if card is not None:
        overview.checkpoint(card)
    standing.show()
    if card is not None:
        demo.show(card)
except api.MtaaError as error:
    frame.problem(error)
