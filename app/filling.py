"""Where a scenario comes from: a preset, a checkpoint, a job, or a YAML file."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from app import draft, fields, frame, offers, shelf
from app.words import plain
from mtaa import api
from mtaa.api import scenarios

MOST_TEXT = 100_000  # characters of a scenario
_PROBLEMS = "filling-problems"


def show() -> None:
    """Render the ways to fill the form."""
    for problem in st.session_state.pop(_PROBLEMS, []):
        st.error(plain(problem), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        _preset()
        _copy()
        _import()
        st.caption(f"Started from **{plain(draft.origin())}**.", width="content")


def _preset() -> None:
    with st.popover("From a preset", icon=":material/auto_awesome:", key="filling-preset"):
        names = scenarios.names()
        name = st.selectbox("Preset", names, index=names.index(draft.FIRST), key="filling-preset-name")
        st.caption(plain(scenarios.load(name).description))
        _button("Fill the form with it", f"preset {name}", partial(scenarios.load, name), "filling-preset-do")


def _copy() -> None:
    with st.popover("Copy another", icon=":material/content_copy:", key="filling-copy"):
        active = shelf.current()
        if active:
            st.markdown(f"The active checkpoint **{plain(active)}**")
            _button(
                "Copy its scenario",
                f"checkpoint {active}",
                partial(scenarios.of_checkpoint, active),
                "filling-checkpoint-do",
            )
        try:
            jobs = {job.id: job for job in api.list_jobs()}
        except api.MtaaError as error:
            frame.problem(error)
            return
        if jobs:
            name = st.selectbox(
                "A job",
                list(jobs),
                format_func=lambda one: f"{jobs[one].request.checkpoint} ({one}, {jobs[one].state})",
                key="filling-job",
            )
            _button("Copy its scenario", name, lambda: jobs[name].request.scenario, "filling-job-do")


def _import() -> None:
    with st.popover("Import YAML", icon=":material/upload:", key="filling-import"):
        given = st.file_uploader("A scenario's file", type=["yaml", "yml"], max_upload_size=1, key="filling-file")
        text = st.text_area("Or its text", key="filling-text", height=160, max_chars=MOST_TEXT)
        if given is not None or text.strip():
            origin = given.name if given is not None else "pasted text"
            data = given.getvalue() if given is not None else text.encode()
            _button("Check and fill the form", origin, partial(_parsed, data, origin), "filling-import-do")
        st.caption("The same form as `mtaa generate --scenario FILE` reads. Unknown settings are refused.")


def _parsed(data: bytes, origin: str) -> "scenarios.Scenario":
    """Raises `api.MtaaError` unless the registries know every name and parameter of it."""
    if len(data) > MOST_TEXT:
        raise api.MtaaError(f"{origin} must be at most {MOST_TEXT:,} bytes, got {len(data):,}; is it a scenario?")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise api.MtaaError(f"{origin} must be UTF-8 text, got other bytes; save it as UTF-8") from error
    found = scenarios.parse(text, origin)
    document = fields.document(found)
    wrong = {path: words for path, words in offers.faults(document).items() if path != "images"}
    if wrong or fields.too_large(document):
        path, words = next(iter(wrong.items()), ("seed", fields.too_large(document)))
        raise api.MtaaError(f"{origin}: {words if words.startswith(path) else f'{path}: {words}'}")
    return found


def _button(label: str, origin: str, read: "Callable[[], scenarios.Scenario]", key: str) -> None:
    st.button(label, type="primary", key=key, on_click=_fill, args=(read, origin))


def _fill(read: "Callable[[], scenarios.Scenario]", origin: str) -> None:
    try:
        draft.load(read(), origin)
    except api.MtaaError as error:
        st.session_state[_PROBLEMS] = [str(error)]
