"""One verdict in full: the image, the three signatures, and what they rest on."""

from typing import Any

import streamlit as st

from app import charts, pictures
from mtaa import api

_CHART = {"displayModeBar": False, "staticPlot": False}
_COLOURS = {"adversarial": "red", "clean": "green", "inconclusive": "orange"}


def show(verdict: api.Verdict, data: bytes, card: api.Card, truth: api.Sample | None = None) -> None:
    """Render `verdict` on the image `data`, beside the truth where it is known."""
    picture, findings = st.columns([2, 3], gap="large")
    with picture:
        _picture(data, verdict)
    with findings:
        _headline(verdict, truth)
        _signatures(verdict, card)
    for warning in verdict.warnings:
        st.warning(warning)
    _evidence(verdict)


def refused(refusal: api.Refusal) -> None:
    """Why an image was not analysed."""
    st.error(f"Not analysed: {refusal.reason}.")
    st.text(f"{refusal.name} · {refusal.bytes:,} bytes")
    st.code(refusal.sha256, language=None)


def strength(verdict: api.Verdict) -> str:
    """The hyperparameter in words, with its unit and interval; empty where there is none."""
    found = verdict.inferred.hyperparameter
    if found is None:
        return ""
    unit = "/255" if found.unit == "1/255" else " logits"
    least = "at least " if found.saturated else ""
    return f"{found.symbol} = {least}{found.value:.1f}{unit}, {found.low:.1f} to {found.high:.1f} at {found.level:.0%}"


def _picture(data: bytes, verdict: api.Verdict) -> None:
    shown = pictures.enlarged(data)
    if shown is not None:
        st.image(shown, width="stretch", caption="Enlarged, each pixel a square")
        st.image(data, caption=f"True pixels, {verdict.observed.width} × {verdict.observed.height}")


def _headline(verdict: api.Verdict, truth: api.Sample | None) -> None:
    said = verdict.inferred
    share = said.adversarial_probability
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(said.conclusion, color=_COLOURS[said.conclusion])  # type: ignore[arg-type]
        if share is not None:
            st.markdown(f"adversarial with probability **{charts.percent(share)}**")
    st.subheader(said.sentence, anchor=False)
    if truth is not None:
        st.info(f"Known truth: {describe(truth)}.")


def describe(sample: api.Sample) -> str:
    """A sample's truth in words."""
    if sample.attack == "clean":
        return "a clean image"
    unit = "/255" if sample.symbol == "ε" else " logits"
    return f"{api.title(sample.attack)} on {api.title(sample.victim)}, {sample.symbol} {sample.intensity:g}{unit}"


def _signatures(verdict: api.Verdict, card: api.Card) -> None:
    said = verdict.inferred
    for heading, ranking, key in (
        ("Attack algorithm", said.attack, "attack"),
        ("Source model (victim)", said.victim, "victim"),
    ):
        st.markdown(f"**{heading}**: {ranking.title}")
        if key == "victim" and said.hyperparameter is None:
            st.caption("A clean image has no source model.")
            continue
        shown = {api.title(name): share for name, share in ranking.probabilities.items() if name != "none"}
        _chart(charts.bars(shown), f"bars-{key}", f"Probabilities of the {heading.lower()}")
    st.markdown(f"**Hyperparameter**: {strength(verdict) or 'none, the image is taken for clean'}")
    found = said.hyperparameter
    if found is not None:
        unit = "/255" if found.unit == "1/255" else " logits"
        figure = charts.span(found.value, found.low, found.high, card.intensity_grids[said.attack.label], unit)
        _chart(figure, "span", "The hyperparameter with its interval")


def _chart(figure: Any, key: str, alternative: str) -> None:
    st.plotly_chart(figure, key=key, config=_CHART, alt=alternative)


def _evidence(verdict: api.Verdict) -> None:
    observed, derived, inferred = st.columns(3, gap="medium")
    seen, said = verdict.observed, verdict.inferred
    with observed:
        st.markdown("**OBSERVED** · read off the bytes")
        _pairs(
            ("file", seen.name),
            ("format", f"{seen.format}, {seen.mode}"),
            ("size", f"{seen.width} × {seen.height} pixels, {seen.bytes:,} bytes"),
        )
        st.caption("SHA-256 of the bytes")
        st.code(seen.sha256, language=None, wrap_lines=True)
    with derived:
        st.markdown("**DERIVED** · computed from the pixels")
        measures = verdict.derived
        rows = [
            ("grey levels", f"{measures.levels} ({measures.minimum} to {measures.maximum})"),
            ("mean level", f"{measures.mean:.1f} /255"),
            ("roughness", f"{measures.roughness:.1f} /255"),
        ]
        if measures.reference:
            compared = measures.reference
            rows += [
                ("largest difference", f"{compared.linf} /255"),
                ("L2 difference", f"{compared.l2:.3f}"),
                ("pixels changed", f"{compared.changed_share:.1%}"),
            ]
        _pairs(*rows)
    with inferred:
        st.markdown("**INFERRED** · by the trained model")
        _pairs(
            ("conclusion", said.conclusion),
            ("attack", f"{said.attack.title}, {charts.percent(said.attack.probability)}"),
            ("source model", f"{said.victim.title}, {charts.percent(said.victim.probability)}"),
            ("hyperparameter", strength(verdict) or "none"),
            ("checkpoint", f"{verdict.checkpoint.name}, {verdict.checkpoint.weights_sha256[:12]}"),
        )


def _pairs(*rows: tuple[str, str]) -> None:
    # A data frame shows text as it is; Markdown would interpret what a stranger typed as a file name.
    st.dataframe([{"what": name, "value": value} for name, value in rows], hide_index=True, width="stretch")
