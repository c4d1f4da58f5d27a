"""From the form to a job: the network, the checkpoint's name, and the button."""

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from app import acting, costing, draft, frame, hindering, job_list, offers
from app.who import who
from app.words import plain, sentence
from mtaa import api
from mtaa.api import scenarios, victims

GO = "Start the retraining"


def show(document: dict[str, Any], faults: dict[str, str]) -> None:
    """Render what is trained, what it costs, and the button; or what must be put right first."""
    with st.container(border=True):
        st.markdown("**Training**")
        wanted = _wanted(document)
    if faults:
        hindering.show(faults)
        return
    request = api.JobRequest(scenario=victims.pinned(scenarios.Scenario.model_validate(document)), **wanted)
    problems = [scenarios.check_name(request.checkpoint), scenarios.why_not(request.scenario)]
    if request.start:
        problems.append(scenarios.why_not_from(request.start, request.scenario, request.network))
    with st.container(border=True):
        for problem in filter(None, problems):
            st.caption(f":red[:material/error: {plain(sentence(problem))}]")
        if any(problems):
            st.button(GO, disabled=True, key="starting-no")
        else:
            acting.button(
                "start_job",
                GO,
                partial(_start, request),
                "The job is queued.",
                type="primary",
                icon=":material/play_arrow:",
                key="starting-go",
            )
        st.caption("Pressed twice, it is one job. It goes on in the background, whatever becomes of this page.")
    with st.container(border=True):
        try:
            costing.show(offers.estimate(request.model_copy(update={"checkpoint": "", "asked_by": ""})))
        except api.MtaaError as error:
            frame.problem(error)
    _yaml(request.scenario)


def _wanted(document: dict[str, Any]) -> dict[str, Any]:
    """The fields of the training, which hold what they were left with."""
    left = draft.training()
    name = st.text_input(
        "Name of the checkpoint",
        value=_free(left.get("checkpoint", document["name"])),
        max_chars=64,
        key=draft.key("checkpoint"),
        help="Letters, digits, - and _.",
    )
    networks, starts = scenarios.networks(), ["", *api.checkpoint_names()]
    network = st.selectbox(
        "Network",
        networks,
        index=_place(networks, left.get("network")),
        key=draft.key("network"),
        help="forensic is small and made for a CPU; mtaa-paper is the paper's network on that backbone.",
    )
    start = st.selectbox(
        "Start from",
        starts,
        index=_place(starts, left.get("start")),
        format_func=lambda one: one or "random weights",
        key=draft.key("start"),
        help="A checkpoint of the same images and network gives its weights, and the new one knows its labels too.",
    )
    epochs, seed = st.columns(2, gap="small")
    wanted = {
        "checkpoint": name.strip(),
        "network": network,
        "start": start,
        "epochs": epochs.number_input(
            "Epochs",
            value=left.get("epochs"),
            min_value=1,
            max_value=10_000,
            step=1,
            placeholder=f"usual: {offers.usual_epochs(network)}",
            key=draft.key("epochs"),
        ),
        "seed": seed.number_input(
            "Seed of the training", value=left.get("seed", 0), min_value=0, step=1, key=draft.key("training-seed")
        ),
        "asked_by": who(),
    }
    draft.keep_training(wanted)
    return wanted


def _place(options: Sequence[str], wanted: str | None) -> int:
    """Where the wanted one is; the first, where it is no longer there."""
    return options.index(wanted) if wanted in options else 0


def _free(name: str) -> str:
    """The scenario's name, or one like it that no checkpoint has."""
    taken = api.checkpoint_names()
    return next(one for one in [name, *(f"{name}-{number}" for number in range(2, 1000))] if one not in taken)


def _start(request: api.JobRequest) -> None:
    key = hashlib.sha256(f"{draft.token()} {request.model_dump_json()}".encode()).hexdigest()
    st.query_params[job_list.KEY] = api.start_job(request, key).id


def _yaml(scenario: "scenarios.Scenario") -> None:
    with st.expander("The scenario as YAML", icon=":material/code:", expanded=True):
        text = scenarios.dump(scenario)
        st.download_button(
            "Download",
            text,
            f"{scenario.name}.yaml",
            "application/yaml",
            on_click="ignore",
            icon=":material/download:",
            key="starting-yaml",
        )
        st.code(text, language="yaml", height=320)
        st.caption(f"Its hash `{scenario.hash[:12]}` names everything that is made from it.")
