"""What can be done with a job in its state: cancel, pause, resume, retry, clone, delete, and use what it made."""

from functools import partial
from typing import Any

import streamlit as st

from app import acting, draft, frame, grown, job_list, shelf
from app.who import who
from app.words import plain
from mtaa import api


def show(job: api.Job) -> None:
    """Render the buttons; what can't be undone asks once more."""
    if job.state == "done":
        _made(job)
    with st.container(horizontal=True):
        if job_list.is_under_way(job):
            acting.button(
                "pause_job", "Pause", partial(api.pause_job, job.id), "The job is paused.", icon=":material/pause:"
            )
            with _asking("Cancel", ":material/stop:", job):
                st.markdown("Its processes end within three seconds. Whole epochs and finished examples stay.")
                acting.button("cancel_job", "Cancel the job", partial(api.cancel_job, job.id), "The job is cancelled.")
        if job.state in ("paused", "cancelled"):
            acting.button(
                "resume_job",
                "Resume",
                partial(api.resume_job, job.id),
                "The job goes on.",
                icon=":material/play_arrow:",
            )
        if job.state == "failed":
            acting.button(
                "retry_job",
                "Retry",
                partial(api.retry_job, job.id),
                "The job goes on with what failed.",
                icon=":material/replay:",
            )
        with _asking("Clone", ":material/content_copy:", job):
            st.markdown("The same scenario and training, for a checkpoint of another name.")
            name = st.text_input("Name of the checkpoint", max_chars=64, key=f"clone-{job.id}")
            acting.button(
                "clone_job",
                "Start the clone",
                partial(_clone, job.id, name.strip()),
                "The clone is queued.",
                key=f"clone-{job.id}-do",
            )
        st.button(
            "Edit its scenario",
            icon=":material/edit:",
            on_click=_edit,
            args=(job,),
            help="Fills the form of a new job with it.",
        )
        if not job_list.is_under_way(job):
            with _asking("Delete", ":material/delete:", job):
                st.markdown(
                    "The job, its log and its half-trained network are lost for good. Its checkpoint and its examples "
                    "stay."
                )
                acting.button("delete_job", "Delete it for good", partial(_delete, job.id), "The job was deleted.")


def _made(job: api.Job) -> None:
    """What the job made, and what can be done with it."""
    name = job.request.checkpoint
    if name not in api.checkpoint_names():
        st.info("The checkpoint that this job made is no longer there.", icon=":material/info:")
        return
    is_active = name == shelf.current()
    st.success(
        f"Checkpoint **{plain(name)}** is trained and measured" + (", and it judges now." if is_active else "."),
        icon=":material/check:",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/models.py",
            label="Its figures",
            icon=":material/monitoring:",
            query_params={"checkpoint": name},
            width="content",
        )
        if is_active:
            st.page_link("pages/attribute.py", label="Attribute with it", icon=":material/search:", width="content")
        else:
            with _asking("Make active", ":material/check_circle:", job):
                st.markdown(f"**{plain(name)}** will judge wherever no checkpoint is named.")
                acting.button(
                    "activate", "Make it active", partial(api.activate, name, who()), f"{name} is active now."
                )
    _learnt(name)


def _learnt(name: str) -> None:
    """What a checkpoint that started from another learnt, and what it forgot."""
    try:
        card = api.card(name)
    except api.MtaaError as error:
        frame.problem(error)
        return
    if card.growth is not None:
        with st.expander("What it learnt, and what it forgot", icon=":material/balance:", expanded=True):
            grown.show(card)


def _asking(label: str, icon: str, job: api.Job) -> Any:
    """What opens before a step is taken."""
    return st.popover(label, icon=icon, key=f"{label}-{job.id}", on_change="rerun")


def _clone(job: str, name: str) -> None:
    st.query_params[job_list.KEY] = api.clone_job(job, name, who()).id


def _delete(job: str) -> None:
    api.delete_job(job)
    st.query_params.pop(job_list.KEY, None)


def _edit(job: api.Job) -> None:
    draft.load(job.request.scenario, f"job {job.id}")
    st.query_params.pop(job_list.KEY, None)
