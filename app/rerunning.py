"""The counter-check: the named attack run again on every source model, held against what was found in the image."""

import hashlib

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import service
from app.words import plain
from mtaa import api

ICONS = {"for": ":material/check_circle:", "against": ":material/warning:", "undecided": ":material/help:"}
COLOURS = {"for": "green", "against": "red", "undecided": "orange"}
WORDS = {"for": "speaks for the verdict", "against": "speaks against the verdict", "undecided": "decides nothing"}


def show(pixels: np.ndarray, original: np.ndarray | None, verdict: api.Verdict, card: api.Card) -> None:
    """Offer the check of `pixels` uint8 (C, H, W) and render what it found, from the clean `original` if given."""
    if verdict.inferred.hyperparameter is None or verdict.names_nobody:
        st.info("This verdict names no attack, so there is none to run again.", icon=":material/replay:")
        return
    if original is None and not card.estimator_sha256:
        st.info("Give the clean original above: without it, or an estimator, there is nothing to attack again.")
        return
    known: dict[tuple[str, ...], api.CounterCheck] = st.session_state.setdefault("counter-checks", {})
    key = (verdict.observed.sha256, _hash(original), card.name, card.weights_sha256)
    st.markdown(
        "An attack is a recipe: run on the same original against the same source model, it gives the same perturbation."
        if original is not None
        else "Without the clean original an **estimate** of it is attacked, whose gradients are others: this tells far "
        "less. Give the original above if it can be had."
    )
    if st.button("Run the attack again", icon=":material/replay:", key="reattack", disabled=key in known):
        known[key] = _run(pixels, original, verdict, card)
        st.rerun()
    if key in known:
        _found(known[key], verdict, card)
    else:
        st.caption("It takes some seconds on each source model: about a minute for C&W on a CPU.")


def _run(pixels: np.ndarray, original: np.ndarray | None, verdict: api.Verdict, card: api.Card) -> api.CounterCheck:
    bar = st.progress(0.0, "Loading the source models")
    found: api.CounterCheck = service.reattacker(card.name, card.weights_sha256).check(
        pixels, verdict, original, _Bar(bar)
    )
    bar.empty()
    return found


class _Bar:
    """Progress of the core as a bar of the page; a rerun of the page ends the work."""

    def __init__(self, bar: DeltaGenerator):
        self._bar, self._done, self._total = bar, 0, 1

    def start(self, task: str, total: int, unit: str, done: int = 0) -> None:
        self._done, self._total = done, total

    def advance(self, amount: int = 1, message: str = "") -> None:
        self._done += amount
        self._bar.progress(self._done / self._total, f"{self._done} of {self._total}: {message}")

    def finish(self) -> None:
        pass

    def raise_if_cancelled(self) -> None:
        pass


def _found(check: api.CounterCheck, verdict: api.Verdict, card: api.Card) -> None:
    attack = verdict.inferred.attack.label
    worth = api.reliability(card, attack, check.mode)
    answer = check.answer if api.is_heeded(check, worth) else "undecided"
    st.badge(WORDS[answer], icon=ICONS[answer], color=COLOURS[answer])  # type: ignore[arg-type]
    st.markdown(plain(api.check_sentence(check)))
    st.dataframe(
        [
            {
                "attack run again": api.title(one.hypothesis.attack),
                "source model": api.title(one.hypothesis.victim),
                "strength": api.stated(one.hypothesis.symbol, one.hypothesis.intensity, one.hypothesis.unit),
                "correlation": one.agreement.correlation,
                "same sign": None if one.agreement.signs is None else 100 * one.agreement.signs,
                "largest difference": one.agreement.linf,
            }
            for one in check.tried
        ],
        column_config={
            "correlation": st.column_config.NumberColumn(
                format="%.3f", help="Of the perturbation found and the one made again: 1 is the same."
            ),
            "same sign": st.column_config.NumberColumn(
                format="%.1f%%", help="Of the pixels that both change, those changed in the same direction."
            ),
            "largest difference": st.column_config.NumberColumn(
                format="%d/255", help="Between the two perturbations, at one pixel."
            ),
        },
        hide_index=True,
    )
    st.caption(plain(api.told(check, attack, worth)))


def _hash(original: np.ndarray | None) -> str:
    return "" if original is None else hashlib.sha256(original.tobytes()).hexdigest()
