"""Which pixels each of the three answers rests on, laid over the image."""

import numpy as np
import streamlit as st

from app import maps, service
from app.words import plain
from mtaa import api

HEADS = {"attack": "attack algorithm", "victim": "source model", "intensity": "strength"}
LARGEST_GAP = 0.05


def show(pixels: np.ndarray, verdict: api.Verdict, card: api.Card) -> None:
    """Let the user choose answer and method, and render the attribution of `pixels` uint8 (C, H, W)."""
    methods = service.explanations()
    answers = [name for name in HEADS if name != "intensity" or verdict.inferred.hyperparameter is not None]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        head = st.segmented_control(
            "Answer", answers, default="attack", format_func=HEADS.__getitem__, required=True, key="attribution-head"
        )
        method = st.pills(
            "Method",
            list(methods),
            default=next(iter(methods)),
            format_func=lambda name: methods[name][0],
            required=True,
            key="attribution-method",
        )
    found = service.attribution(pixels, head, method, service.marks(card))
    percent = st.slider("Opacity of the map over the image", 0, 100, 60, 5, format="%d%%", key="attribution-opacity")
    what = _answer(found, card)
    picture, words = st.columns([3, 2], gap="large")
    with picture:
        end = float(np.abs(found.values).max()) or 1.0
        unit = _unit(found, card)
        layer = (maps.signed if found.is_signed else maps.size)(found.values, end, unit)
        shown = [
            maps.Panel("Over the image", (maps.grey(pixels), maps.over(layer, percent / 100))),
            maps.Panel(methods[method][0], (layer,)),
        ]
        alt = f"{methods[method][0]} for {what}, over the image and alone; largest value {end:.3g} {unit}"
        st.plotly_chart(maps.panels(shown), key="attribution-maps", config=maps.CONFIG, alt=alt)
    with words:
        st.markdown(f":violet-badge[INFERRED] {plain(what)}")
        st.caption(f"{methods[method][0]}: {methods[method][1]}; {found.settings}.")
        if found.is_signed:
            st.caption("Red speaks for the answer, blue against it. The scale ends at this picture's largest value.")
        else:
            st.caption("Bright pixels matter most. The scale ends at this picture's largest value.")
        _completeness(found)


def _answer(found: api.Attribution, card: api.Card) -> str:
    if found.head == "intensity":
        return api.stated(card.symbols[found.label], round(found.answer, 2), card.units[found.label])
    return f"{api.title(found.label)}, logit {found.answer:.2f}"


def _unit(found: api.Attribution, card: api.Card) -> str:
    if not found.in_answer_unit:
        return "relative weight"
    if found.head != "intensity":
        return "logits"
    return api.UNITS[card.units[found.label]].suffix.strip() or "intensity"


def _completeness(found: api.Attribution) -> None:
    """How much of the answer the method accounts for."""
    if found.delta is not None and found.change is not None:
        mapped = found.change + found.delta - sum(found.placeless.values())
        st.table(
            [
                {"what": "answer, less that to a black image", "value": f"{found.change:+.3f}"},
                {"what": "sum of the map", "value": f"{mapped:+.3f}"},
                *(
                    {"what": f"{plain(name)}, without a place in the image", "value": f"{share:+.3f}"}
                    for name, share in found.placeless.items()
                ),
                {"what": "convergence delta", "value": f"{found.delta:+.3f}"},
            ],
            border="horizontal",
            hide_index=True,
            hide_header=True,
        )
        if abs(sum(found.placeless.values())) > abs(mapped):
            parts = " and ".join(found.placeless)
            st.caption(f"This answer rests more on {plain(parts)} than on single pixels; the map shows the rest.")
    is_short = found.delta is not None and abs(found.delta) > LARGEST_GAP * abs(found.change or 0)
    if found.without_gradient:
        parts = " and ".join(found.without_gradient)
        text = f"This network also reads {parts}, which have no gradient: this method can't see what they add."
        if is_short:
            st.warning(f"{text} Here the map accounts for {_share(found)} of the answer. Occlusion sees all of it.")
        else:
            st.caption(text)
    elif is_short:
        st.warning("The map does not sum up to the answer: more steps on the way from black would be needed.")


def _share(found: api.Attribution) -> str:
    change, delta = found.change or 0.0, found.delta or 0.0
    return "none" if change == 0 else f"{(change + delta) / change:.0%}"
