"""One verdict in full: the image and the headline, the three signatures, and what they rest on."""

from typing import Literal

import streamlit as st

from app import answering, evidence, explaining, export, pictures, priors, signatures
from app.service import Result
from app.words import listed, plain, sentence, truth
from mtaa import api

# That it can't be told is an answer too, and looks like one.
_COLOURS: dict[str, Literal["red", "green", "blue"]] = {"adversarial": "red", "clean": "green", "inconclusive": "blue"}
_ICONS = {"adversarial": ":material/warning:", "clean": ":material/check_circle:", "inconclusive": ":material/balance:"}


def show(result: Result, data: bytes, card: api.Card, known: api.Sample | None = None) -> None:
    """Render a result on the image `data`, beside the truth where it is known."""
    if isinstance(result, api.Refusal):
        _refused(result)
        return
    picture, headline = st.columns([4, 7], gap="large")
    with picture:
        pixels = api.pixels(data, card)
        if pixels is not None:
            pictures.show(pixels, "The analysed image")
    with headline:
        _headline(result, card, known)
    if result.names_nobody:
        with st.expander("What the network answers all the same: not to be relied on", icon=":material/block:"):
            signatures.show(result, card, known)
    else:
        signatures.show(result, card, known)
    reference = evidence.show(result, data, card, known)
    explaining.show(result, data, reference, card)


def _refused(refusal: api.Refusal) -> None:
    st.error(f"**Not analysed.** {plain(sentence(refusal.reason))}", icon=":material/block:")
    evidence.identity(refusal.name, refusal.bytes, refusal.sha256)


def _headline(verdict: api.Verdict, card: api.Card, known: api.Sample | None) -> None:
    said = verdict.inferred
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(said.conclusion, icon=_ICONS[said.conclusion], color=_COLOURS[said.conclusion])
        st.text(verdict.observed.name)
    st.subheader(plain(said.sentence), anchor=False)
    answering.show(verdict)
    priors.show(verdict, card)
    if known is not None:
        st.markdown(f":material/fact_check: Known truth: **{plain(truth(known))}**")
    if verdict.warnings:
        st.warning(listed(verdict.warnings))
    st.download_button(
        "Verdict as JSON",
        export.as_json([verdict]),
        "verdict.json",
        "application/json",
        on_click="ignore",
        icon=":material/download:",
    )
