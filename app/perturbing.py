"""What was added to an image: the true or the estimated perturbation on a fixed scale, in numbers, and its spectrum."""

import numpy as np
import streamlit as st

from app import curves, maps, service
from mtaa import api

BOUNDS = (4, 8, 16, 32, 64, 128, 255)
DEFAULT_BOUND = 64
SPECTRUM_TOP = 3.0  # log10(1 + |F|): an ε of 200 has 2.3
TRUE, ESTIMATED = "true", "estimated"


def show(pixels: np.ndarray, original: np.ndarray | None, card: api.Card) -> None:
    """Render the perturbation of `pixels` uint8 (C, H, W)."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        found = choose(pixels, original, card, "perturbation")
        bound = gain("perturbation")
    if found is None:
        return
    picture, numbers = st.columns([3, 2], gap="large")
    words = ESTIMATED if found.is_estimate else TRUE
    sizes = np.abs(found.strongest)
    with picture:
        shown = [
            maps.Panel("Suspicious image", (maps.grey(pixels),)),
            maps.Panel("Estimated clean image" if found.is_estimate else "Reference", (maps.grey(found.original),)),
            maps.Panel(f"Perturbation, {words}", (maps.signed(found.strongest, bound, "/255"),)),
            maps.Panel(f"Absolute, {words}", (maps.size(sizes, bound, "/255"),)),
        ]
        alt = (
            f"Suspicious image, {shown[1].title.lower()}, and the {words} perturbation, signed and absolute, from "
            f"{-bound}/255 to {bound}/255; largest difference {found.linf}/255, {found.changed} of {found.pixels} "
            "pixels changed"
        )
        st.plotly_chart(maps.panels(shown), key="perturbation-maps", config=maps.CONFIG, alt=alt)
    with numbers:
        _numbers(found)
        levels, counts = api.histogram(found.values)
        st.plotly_chart(
            curves.histogram(levels, counts, max(found.linf, 1)),
            key="perturbation-histogram",
            config=curves.CONFIG,
            alt=f"Histogram of the differences that are not 0: {len(levels)} levels, {counts.sum()} pixel values",
        )
    st.caption(
        f"The scale is the same for every image: ±{bound}/255; what is beyond has the colour of the end. "
        + ("Of each pixel the channel that changed most is shown. " if len(pixels) > 1 else "")
        + "Drag on one picture to zoom all; double-click to return."
    )
    _spectrum(found)


def choose(pixels: np.ndarray, original: np.ndarray | None, card: api.Card, key: str) -> api.Perturbation | None:
    """The perturbation of an image, true where its original is given and the user doesn't ask for the estimate; None,
    with what to do on the page, where neither can be had."""
    kinds = ([TRUE] if original is not None else []) + ([ESTIMATED] if card.estimator_sha256 else [])
    if not kinds:
        no_reference()
        st.caption("This checkpoint has no estimator of the perturbation either. It is trained once:")
        st.code(f"mtaa estimator --checkpoint {card.name}", language=None)
        return None
    chosen = kinds[0]
    if len(kinds) > 1:
        chosen = st.segmented_control("Against", kinds, default=TRUE, required=True, key=f"{key}-kind")
    if chosen == ESTIMATED and original is None:
        no_reference("the maps below rest on an estimate, made from the suspicious image alone")
    return service.perturbation(pixels, original if chosen == TRUE else None, service.marks(card))


def no_reference(then: str = "what was added to the image can't be shown") -> None:
    """Say that there is no clean original."""
    st.info(f"No reference: {then}. Give the clean original above for the true one.", icon=":material/compare:")


def gain(key: str) -> int:
    """Let the user choose the end of the scale, in grey levels."""
    return st.select_slider(
        "Scale (gain)", BOUNDS, DEFAULT_BOUND, format_func=lambda end: f"±{end}/255", key=f"{key}-gain"
    )


def _numbers(found: api.Perturbation) -> None:
    label = (
        "orange-badge[ESTIMATED] :small[:gray[by the checkpoint's estimator]]"
        if found.is_estimate
        else ("blue-badge[DERIVED] :small[:gray[against the reference]]")
    )
    st.markdown(f":{label}")
    rows = [
        ("pixels changed (L0)", f"{found.changed:,} of {found.pixels:,}, {found.changed / found.pixels:.1%}"),
        ("L2 (pixels from 0 to 1)", f"{found.l2:.3f}"),
        ("largest difference (L∞)", f"{found.linf}/255"),
        ("at that bound, of changed values", f"{found.at_bound:.1%}"),
    ]
    st.table(
        [{"what": name, "value": value} for name, value in rows], border="horizontal", hide_index=True, hide_header=True
    )


def _spectrum(found: api.Perturbation) -> None:
    spectrum = api.spectrum(found.values)
    picture, curve = st.columns([2, 3], gap="large", vertical_alignment="center")
    with picture:
        unit = "log₁₀(1 + |F|), F in grey levels"
        panel = maps.Panel("Spectrum of the perturbation", (maps.size(spectrum.log_magnitude, SPECTRUM_TOP, unit),))
        st.plotly_chart(
            maps.panels([panel]),
            key="perturbation-spectrum",
            config=maps.CONFIG,
            alt=f"Spectrum, coarse in the centre and fine at the edge, from 0 to {SPECTRUM_TOP:g} in {unit}",
        )
    with curve:
        strongest = float(spectrum.frequency[spectrum.radial.argmax()])
        st.plotly_chart(
            curves.radial(spectrum.frequency, spectrum.radial),
            key="perturbation-radial",
            config=curves.CONFIG,
            alt=f"Mean magnitude by frequency, largest at {strongest:.2f} cycles a pixel",
        )
        st.caption("Coarse structure lies at the centre and to the left, single-pixel texture at the edge and right.")
