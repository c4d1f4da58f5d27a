"""One job: its stages, its curves, its log, and what can be done with it. Its address is /retrain?job=ID."""

from datetime import UTC, datetime

import streamlit as st

from app import costing, frame, job_list, job_steps, learning
from app.words import plain
from mtaa import api

MARKS = {
    "waiting": ":material/hourglass_empty:",
    "queued": ":material/schedule:",
    "running": ":material/autorenew:",
    "done": ":material/check:",
    "failed": ":material/error:",
    "stopped": ":material/pause:",
}
LOG_LINES = 200


def wanted() -> str:
    """The job that the address names; empty where it names none."""
    return st.query_params.get(job_list.KEY, "")


def show(name: str) -> None:
    """Render the job. Raises `api.MtaaError` where there is none of this name."""
    st.button("All jobs, and a new one", icon=":material/arrow_back:", type="tertiary", on_click=st.query_params.clear)
    job = api.job(name)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(job.request.checkpoint), anchor=False, width="content")
        job_list.badge(job)
    _asked(job)
    job_steps.show(job)
    st.fragment(_live, run_every=job_list.EVERY_SECONDS if job_list.is_under_way(job) else None)(name, job.state)


def _asked(job: api.Job) -> None:
    request, scenario = job.request, job.request.scenario
    epochs = f"{request.epochs} epochs" if request.epochs else "the usual number of epochs"
    start = f", started from {plain(request.start)}" if request.start else ""
    if request.shots:
        start += f", {request.shots} examples of each addition"
    by = f" by {plain(request.asked_by)}" if request.asked_by else ""
    st.caption(
        f"Scenario **{plain(scenario.name)}** (`{scenario.hash[:12]}`), {scenario.total('train'):,} examples to train "
        f"on; network {plain(request.network)}{start}, {epochs}, seed {request.seed}. Asked for{by} on "
        f"{job.created:%Y-%m-%d %H:%M} UTC. `{job.id}`"
    )


def _live(name: str, state: str) -> None:
    try:
        job = api.job(name)
        if job.state != state:
            st.rerun(scope="app")  # what stands above, and what can be done with it, is another now
        if job_list.is_under_way(job):
            job_list.no_worker()
        _progress(job)
        _stages(job)
        epochs = api.job_curves(name)
        if epochs:
            st.markdown("**Course of the training**")
            learning.draw(epochs)
        with st.expander("Log", icon=":material/notes:", expanded=job.state == "failed", key="job-log"):
            lines = api.job_log(name, LOG_LINES)
            st.code("\n".join(lines) or "Nothing yet.", language=None, height=300)
    except api.MtaaError as error:
        frame.problem(error)


def _progress(job: api.Job) -> None:
    if job.state == "failed":
        st.error(plain(job.error), icon=":material/error:")
    if job.progress is None:
        return
    if job.progress.total:
        share = min(1.0, job.progress.done / job.progress.total)
        st.progress(share, f"{plain(job.progress.task)}: {job_list.progress(job.progress)}")
        st.caption(
            f"{job.progress.done:,.0f} of {job.progress.total:,.0f} {plain(job.progress.unit)}"
            + (f" · {plain(job.progress.message)}" if job.progress.message else "")
            + f" · on {plain(', '.join(job.workers))}"
        )
    else:
        st.progress(0.0, plain(job.progress.task))


def _stages(job: api.Job) -> None:
    rows = []
    for stage in job.stages:
        seconds = ((stage.ended or datetime.now(UTC)) - stage.began).total_seconds() if stage.began else None
        is_idle = stage.state in ("waiting", "queued")
        rows.append(
            {
                "stage": f"{MARKS[stage.state]} {job_list.STAGES[stage.name]}",
                "state": "nothing to do" if stage.state == "done" and not stage.total else stage.state,
                "pieces": f"{stage.done} of {stage.total}" if stage.total else "–",
                "took": "–" if seconds is None or is_idle else costing.duration(seconds),
            }
        )
    st.table(rows, border="horizontal", hide_index=True)
