"""Retrain: a new scenario or an addition, what it will cost, and the jobs that train on it in the background."""

import streamlit as st

from app import access, acting, adding, building, draft, filling, frame, job_list, job_view, offers, starting
from mtaa import api
from mtaa.api import scenarios

NEW, ADD = "A new checkpoint", "Add to the active checkpoint"

frame.promise()
st.title("Retrain", anchor=False)
st.caption("Which attacks, on which source models, should a new checkpoint know?")
acting.said()
try:
    job = job_view.wanted()
    if job:
        job_view.show(job)
    else:
        job_list.show()
        if not access.may("start_job"):
            st.info("New jobs are started by operators.", icon=":material/lock:")
        elif st.segmented_control("What to train", [NEW, ADD], default=NEW, required=True, key="retrain-kind") == ADD:
            adding.show()
        else:
            draft.ready()
            filling.show()
            left, right = st.columns([3, 2], gap="large")
            with left:
                form = building.show()
            document = draft.keep(form.given)
            faults = offers.faults(document)
            form.tell(faults or scenarios.untrainable(document))
            with right:
                starting.show(document, faults)
except api.MtaaError as error:
    frame.problem(error)
