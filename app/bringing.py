"""A model of one's own as a source model: its file, what must be said of it, and what the check found."""

from typing import Any

import streamlit as st

from app import access, draft, offers
from app.words import plain, sentence
from mtaa import api
from mtaa.api import scenarios, victims

PARTS = ("source", "folder", "channels", "side")
LARGEST_MB = 50  # the server takes no more, the command line does
_OUTCOME, _FILLING = "bringing-outcome", "bringing-filling"
NOTE = (
    "Weights as safetensors, or a whole model as ONNX{missing}. Its outputs must be logits of the data set's classes, "
    "in their order. A forward and a backward pass on test images must show that it can be attacked; its weights are "
    "kept as they come. What could run a program, such as a pickle, is refused. Larger files: `mtaa victims add`."
)


def show(place: list[Any]) -> None:
    """Render the form; `place`: source, folder, channels and side of the images it is checked on."""
    with st.expander("Bring your own model", icon=":material/upload:", key="bringing"):
        outcome: victims.Outcome | None = st.session_state.get(_OUTCOME)
        missing = "" if victims.reads_onnx() else " (not installed here: `pip install -e '.[onnx]'`)"
        st.caption(NOTE.format(missing=missing))
        given = st.file_uploader(
            "Model", type=["safetensors", "onnx"], max_upload_size=LARGEST_MB, key=_key("file"), on_change=forget
        )
        _fault(outcome, "file")
        fields = _fields(outcome)
        if outcome is not None and not outcome.part:
            st.success(
                f"{plain(outcome.name)} is a source model now. It names {outcome.accuracy:.1%} of {outcome.images:,} "
                f"test images right, and its gradient reaches the pixels. Weights `{outcome.weights_sha256[:12]}`.",
                icon=":material/check:",
            )
        is_ready = given is not None and access.may("bring_victim")
        if st.button("Check and add it", key="bringing-do", disabled=not is_ready) and given is not None:
            with st.spinner("Checking it on test images…"):
                _bring(given.getvalue(), place, fields)
            st.rerun()


def _fields(outcome: "victims.Outcome | None") -> dict[str, Any]:
    name, architecture = st.columns(2, gap="small")
    with name:
        found: dict[str, Any] = {
            "name": st.text_input("Its name here", max_chars=40, key=_key("name"), placeholder="my_model").strip()
        }
        _fault(outcome, "name")
    with architecture:
        chosen = st.selectbox(
            "Architecture",
            offers.architectures(),
            index=None,
            format_func=api.title,
            placeholder="of weights",
            key=_key("architecture"),
            help="One of torchvision's classifiers. ONNX holds its own.",
        )
        found["architecture"] = chosen or ""
        _fault(outcome, "architecture")
    side, mean, std = st.columns(3, gap="small")
    with side:
        found["side"] = st.number_input(
            "Side (pixels)", value=None, step=1, placeholder="usual", key=_key("side"), help="That it computes at."
        )
        _fault(outcome, "side")
    with mean:
        found["mean"] = st.text_input("Mean", value="0", max_chars=80, key=_key("mean"), help="Of pixels in [0, 1].")
        _fault(outcome, "mean")
    with std:
        words = "One number, or one a channel between commas."
        found["std"] = st.text_input("Deviation", value="1", max_chars=80, key=_key("std"), help=words)
        _fault(outcome, "std")
    return found


def _bring(data: bytes, place: list[Any], fields: dict[str, Any]) -> None:
    try:
        images = scenarios.ImagesSpec(**dict(zip(PARTS, place, strict=True)))
        outcome = access.do("bring_victim", victims.bring, data=data, images=images, **fields)
    except ValueError:
        fault = "the data set above must be right before a model can be checked on it; correct that first"
        outcome = victims.Outcome(name=fields["name"], part="file", fault=fault)
    except api.MtaaError as error:
        outcome = victims.Outcome(name=fields["name"], part="file", fault=str(error))
    st.session_state[_OUTCOME] = outcome
    if not outcome.part:
        draft.add_victim(outcome.name)
        st.session_state[_FILLING] = st.session_state.get(_FILLING, 0) + 1  # the next model starts from an empty form
        offers.forget()


def _fault(outcome: "victims.Outcome | None", part: str) -> None:
    if outcome is not None and outcome.part == part:
        st.caption(f":red[:material/error: {plain(sentence(outcome.fault))}]")


def forget() -> None:
    """What was last found of a model is said no more."""
    st.session_state.pop(_OUTCOME, None)


def _key(field: str) -> str:
    return f"bringing-{st.session_state.get(_FILLING, 0)}-{field}"
