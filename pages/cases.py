"""Cases: evidence that is kept, found again and reported."""

import streamlit as st

from app import case_finding, case_list, case_view, casebook, frame
from mtaa import api

card = frame.sidebar()
casebook.told()
try:
    store = casebook.store()
    number, image = case_finding.wanted(store)
    if number is None:
        st.title("Cases", anchor=False)
        st.caption("What was kept, who did what, and a report to hand on.")
        case_finding.told()
        case_list.show(store)
    else:
        case_view.show(store, number, image, card)
except api.MtaaError as error:
    frame.problem(error)
