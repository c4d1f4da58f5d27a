"""Perturbation patterns of known attacks on known source models, small and on one scale (Fig. 3, 4)."""

import streamlit as st

from app import maps, perturbing, service
from mtaa import api

WIDTH = 175
STRENGTHS = {0.1: "weak", 0.5: "middle", 0.9: "strong"}


def show(card: api.Card) -> None:
    """Render one known example of each attack on each source model."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        strength = st.segmented_control(
            "Strength",
            list(STRENGTHS),
            default=0.5,
            format_func=STRENGTHS.__getitem__,
            required=True,
            key="patterns-strength",
        )
        number = st.number_input("Example", 1, 50, key="patterns-number", help="Another example of the same strength.")
        bound = perturbing.gain("patterns")
    found = service.patterns(card, card.test_sha256, strength, number - 1)
    columns = {one.attack: _column(one.attack, found, card) for one in found}
    rows = {one.victim: api.title(one.victim) for one in found}
    cells = {(maps.safe(rows[one.victim]), maps.safe(columns[one.attack])): _layer(one, bound) for one in found}
    alt = (
        f"True perturbations of {len(found)} known examples, columns {', '.join(columns.values())}, "
        f"rows {', '.join(rows.values())}, from {-bound}/255 to {bound}/255"
    )
    figure = maps.multiples(cells, [*map(maps.safe, rows.values())], [*map(maps.safe, columns.values())])
    with st.container(width=len(columns) * WIDTH):
        st.plotly_chart(figure, key="patterns-maps", config=maps.CONFIG, alt=alt)
    sources = len({one.source for one in found})
    st.caption(
        f"True perturbations from the checkpoint's test split, of {sources} source images, all on ±{bound}/255. "
        "Columns are attacks, rows source models."
    )


def _layer(one: api.Pattern, bound: int) -> maps.Layer:
    return maps.signed(api.strongest(one.values), bound, "/255")


def _column(attack: str, found: list[api.Pattern], card: api.Card) -> str:
    """The attack with its strength, or with the span of strengths where source models have different ones."""
    strengths = sorted({one.intensity for one in found if one.attack == attack})
    first = api.stated(card.symbols[attack], strengths[0], card.units[attack])
    rest = f" to {strengths[-1]:g}" if len(strengths) > 1 else ""
    return f"{api.title(attack)}, {first}{rest}"
