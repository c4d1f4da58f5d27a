"""The jobs there are, the newest first, each with how far it is; and whether a worker is there to do them."""

import streamlit as st

from app import costing, frame
from app.words import plain
from mtaa import api

PAGE = "pages/retrain.py"
KEY = "job"  # of the URL: /retrain?job=ID
SIZE = 8
EVERY_SECONDS = 1.0
COLOURS = {"queued": "blue", "running": "blue", "done": "green", "failed": "red", "paused": "orange"}
STAGES = {
    "validate": "checking",
    "victims": "training source models",
    "generate": "making examples",
    "train": "training",
    "evaluate": "measuring",
    "map": "mapping signatures",
    "register": "registering",
}


def show() -> None:
    """Render the list, renewed every second while a job is under way."""
    found = api.list_jobs()
    if not found:
        return
    with st.container(border=True):
        st.markdown("**Jobs**")
        is_moving = any(map(is_under_way, found))
        st.fragment(_list, run_every=EVERY_SECONDS if is_moving else None)(is_moving)


def is_under_way(job: api.Job) -> bool:
    """Whether it waits or runs."""
    return job.state in ("queued", "running")


def no_worker() -> None:
    """Say how to start a worker where none is running."""
    if not any(worker.alive for worker in api.workers()):
        st.warning("No worker is running, so jobs wait. Start one:", icon=":material/pause_circle:")
        st.code("mtaa worker", language=None)


def badge(job: api.Job) -> None:
    """A job's state."""
    colour = COLOURS.get(job.state, "gray")
    st.badge(job.state, color=colour)  # type: ignore[arg-type]


def _list(was_moving: bool) -> None:
    try:
        found = api.list_jobs()
        is_moving = any(map(is_under_way, found))
        if was_moving != is_moving:
            st.rerun(scope="app")  # nothing is left to watch
        if is_moving:
            no_worker()
    except api.MtaaError as error:
        frame.problem(error)
        return
    pages = -(-len(found) // SIZE)
    page = st.pagination(pages, key=f"jobs-page-{pages}") if pages > 1 else 1
    for job in found[(page - 1) * SIZE : page * SIZE]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                PAGE,
                label=f"**{plain(job.request.checkpoint)}**",
                icon=":material/model_training:",
                query_params={KEY: job.id},
                width="content",
            )
            badge(job)
            st.caption(_line(job), width="content")


def _line(job: api.Job) -> str:
    words = f"{plain(job.request.scenario.name)}, {job.created:%Y-%m-%d %H:%M} UTC"
    if job.request.asked_by:
        words += f", {plain(job.request.asked_by)}"
    if job.state == "running":
        words += f" · {STAGES[job.stage]}"
        if job.progress is not None and job.progress.total:
            words += f" · {progress(job.progress)}"
    return words


def progress(found: api.Progress) -> str:
    """How far, how fast, how long still."""
    words = f"{found.done / found.total:.0%} at {found.rate:,.3g} {plain(found.unit)} a second"
    return words if found.seconds_left is None else f"{words}, {costing.duration(found.seconds_left)} left"
