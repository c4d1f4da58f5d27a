"""The known examples inside a selection on the map, as a table with pictures and as CSV."""

import numpy as np
import streamlit as st

from app import export, known
from app.pictures import address
from mtaa import api

PICTURED = 300  # rows of the table; the download has all


def show(chosen: np.ndarray, atlas: api.Atlas, card: api.Card) -> None:
    """Render the table; nothing where nothing is selected."""
    if len(chosen) == 0:
        return
    rows = known.rows(atlas, card, chosen[:PICTURED])
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{len(chosen):,} known examples inside the selection**")
        st.download_button(
            "CSV",
            # Written only when it is asked for: a selection may hold all examples.
            lambda: export.rows_as_csv(known.FIELDS, known.rows(atlas, card, chosen)),
            "signatures.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
    pictured = zip(rows, api.known_pixels(card, chosen[:PICTURED]), strict=True)
    st.dataframe(
        [{"image": address(pixels), **values} for values, pixels in pictured],
        hide_index=True,
        column_order=("image", *known.FIELDS[1:-2]),
        column_config={
            "image": st.column_config.ImageColumn("", width=56),
            "source_image": st.column_config.TextColumn("source image", width=130),
            "source_model": "source model",
            "hyperparameter": "ε, κ, η",
            "said_attack": "named attack",
            "said_source_model": "named source model",
            "said_intensity": "named intensity",
        },
        row_height=48,
        height=min(len(rows), 8) * 48 + 40,
        alt="Selected examples, one a row",
        placeholder="",
    )
    if len(chosen) > PICTURED:
        st.caption(f"The first {PICTURED} are shown; the download has all {len(chosen):,}.")
