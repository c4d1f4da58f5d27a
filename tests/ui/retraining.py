"""The form of the page Retrain as it is filled, and made-up jobs that it shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mtaa import api
from mtaa.jobs.record import STAGES, Job, JobRequest, Progress, StageView, Worker
from mtaa.scenario import load
from tests.ui.reading import enter
from tests.ui.shelved import CURVES

NAME = "job-00000000abcd"
BEGAN = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def filled(page: AppTest, preset: str) -> AppTest:
    page.selectbox(key="filling-preset-name").set_value(preset).run()
    return page.button(key="filling-preset-do").click().run()


def field(page: AppTest, name: str, kind: str = "number_input") -> Any:
    """The widget of a field, whichever filling of the form it is of."""
    return next(one for one in getattr(page, kind) if (one.key or "").endswith(f"-{name}"))


def plain(found: Any) -> str:
    """What the first of some alerts says, escapes taken away."""
    return found[0].value.replace("\\", "")


def started(page: AppTest) -> AppTest:
    return page.button(key="starting-go").click().run()


def job(state: str = "running", checkpoint: str = "trial", **changes: Any) -> Job:
    """A made-up job in the midst of its training."""
    at = STAGES.index("train")
    stages = [
        StageView(name=name, state="done", done=1, total=1, began=BEGAN, ended=BEGAN + timedelta(minutes=3))
        if place < at or state == "done"
        else StageView(name=name, state="running", total=1, began=BEGAN)
        if place == at
        else StageView(name=name, state="waiting")
        for place, name in enumerate(STAGES)
    ]
    progress = Progress(task="training", unit="batches", done=30, total=120, rate=1.5, seconds_left=60, message="<b>")
    request = JobRequest(scenario=load("smoke"), checkpoint=checkpoint, epochs=4, asked_by="a*b")
    made = Job(id=NAME, request=request, state="running", stage="train", stages=stages, created=BEGAN)
    return made.model_copy(
        update={"state": state, "progress": progress if state == "running" else None, "workers": ["one"], **changes}
    )


def watched(monkeypatch: pytest.MonkeyPatch, shown: Job, alive: bool = True) -> AppTest:
    """The page of a made-up job."""
    worker = Worker(name="one", host="here", process=1, device="CPU", seconds_since=1, alive=alive)
    for name, found in {
        "job": shown,
        "list_jobs": [shown],
        "job_curves": CURVES,
        "job_log": ["first line", "<script>"],
        "workers": [worker],
    }.items():
        monkeypatch.setattr(api, name, lambda *_, found=found: found)
    page = enter("retrain")
    page.query_params["job"] = shown.id
    return page.run()
