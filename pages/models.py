"""Models: which checkpoints there are, how good each is, and which one is active."""

import streamlit as st

from app import ablating, about, acting, comparing, experimenting, frame, learning, managing, measured, shelf, surviving
from mtaa import api

SECTIONS = {
    "Figures": measured.tables,
    "Confusion": measured.confusions,
    "By strength": measured.errors,
    "Calibration": measured.calibration,
    "Survival": surviving.show,
    "Training": learning.curves,
    "Compare": comparing.show,
    "Ablation": ablating.show,
    "Experiments": experimenting.show,
    "Card": about.show,
}

frame.promise()
st.title("Models", anchor=False)
st.caption("Which checkpoints are there, how good is each, and which one judges?")

try:
    acting.said()
    active = shelf.current()
    card = shelf.choose(active)
    if card is not None:
        shelf.headline(card, card.name == active)
        managing.actions(card, active)
        tabs = st.tabs(list(SECTIONS), key="section", bind="query-params")
        for tab, render in zip(tabs, SECTIONS.values(), strict=True):
            if tab.open:
                with tab:
                    render(card)
    managing.importing()
    managing.history()
except api.MtaaError as error:
    frame.problem(error)
