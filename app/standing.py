"""How the workbench stands: whether a worker runs, and what the evidence store holds."""

from collections.abc import Sequence

import streamlit as st

from app import casebook, frame
from app.words import plain
from mtaa import api
from mtaa.api import cases

LAST = 3


def show() -> None:
    """Render both side by side; a fault of one leaves the other."""
    worker, evidence = st.columns([2, 3])
    with worker, st.container(border=True, height="stretch"):
        _worker()
    with evidence, st.container(border=True, height="stretch"):
        _evidence()


def _worker() -> None:
    st.markdown(":material/manufacturing: **Worker**")
    try:
        alive = [worker for worker in api.workers() if worker.alive]
        states = api.job_states()
    except api.MtaaError as error:
        frame.problem(error)
        return
    if not alive:
        st.caption("None is running. Verdicts need none; background jobs wait for one:")
        st.code("mtaa worker", language=None)
    for worker in alive:
        st.caption(f"**{plain(worker.name)}** on {plain(worker.host)}, {plain(worker.device)}")
    if states:
        _jobs(states)


def _jobs(states: Sequence[str]) -> None:
    counts = [f"{states.count(state)} {state}" for state in ("running", "queued", "failed") if state in states]
    words = ", ".join(counts) or f"{casebook.count(len(states), 'job')}, none under way"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link("pages/retrain.py", label="Jobs", icon=":material/exercise:", width="content")
        st.caption(words, width="content")


def _evidence() -> None:
    st.markdown(":material/folder: **Evidence store**")
    try:
        found = casebook.store().list_cases(cases.Query(), size=LAST)
    except api.MtaaError as error:
        frame.problem(error)
        return
    if not found.total:
        st.caption("No case yet. An image is kept only where somebody adds it to a case.")
    else:
        st.caption(f"{casebook.count(found.total, 'case')}, last changed:")
    for one in found.cases:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(
                casebook.PAGE,
                label=f"{one.number}. {plain(one.title)}",
                icon=":material/folder:",
                query_params={"case": str(one.number)},
            )
            st.badge(one.status, color=casebook.COLOURS[one.status])
            st.caption(f"{casebook.count(one.images, 'image')}, {casebook.when(one.changed_at)}")
