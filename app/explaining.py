"""The maps behind a verdict, one kind at a time: only what is chosen is computed."""

import streamlit as st

from app import blocks, frame, patterns, perturbing, rerunning, salience
from mtaa import api

PERTURBATION, FEATURES, ATTRIBUTION = "Perturbation", "Feature maps", "Attribution"
PATTERNS, REATTACK = "Known patterns", "Re-attack"
ABOUT = {
    PERTURBATION: "what was added to the image, and its spectrum",
    FEATURES: "where the network sees the difference, block by block",
    ATTRIBUTION: "which pixels each answer rests on",
    PATTERNS: "what known attacks add on known source models",
    REATTACK: "what the named attack adds when it is run again, on every source model",
}


def show(verdict: api.Verdict, data: bytes, reference: bytes | None, card: api.Card) -> None:
    """Let the user choose a kind of map and render it for the image `data`, against its clean original if given."""
    st.markdown("**Evidence maps**")
    chosen = st.segmented_control("Evidence maps", list(ABOUT), key="maps-shown", label_visibility="collapsed")
    pixels = api.pixels(data, card)
    if chosen is None or pixels is None:
        st.caption("; ".join(f"**{name}**: {words}" for name, words in ABOUT.items()) + ".")
        return
    original = api.pixels(reference, card) if reference is not None else None
    try:
        if chosen == PERTURBATION:
            perturbing.show(pixels, original, card)
        elif chosen == FEATURES:
            blocks.show(pixels, original, card)
        elif chosen == ATTRIBUTION:
            salience.show(pixels, verdict, card)
        elif chosen == PATTERNS:
            patterns.show(card)
        else:
            rerunning.show(pixels, original, verdict, card)
    except api.MtaaError as error:
        frame.problem(error)
