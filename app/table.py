"""Several verdicts as a table that can be sorted, and in which one can be chosen."""

import hashlib
from typing import Any

import streamlit as st

from app import export
from app.pictures import thumbnail
from app.service import File, Result
from app.words import NOBODY
from mtaa import api


def _share(title: str) -> Any:
    return st.column_config.ProgressColumn(title, format="%.1f%%", min_value=0, max_value=100, width=100)


COLUMNS: dict[str, Any] = {
    "image": st.column_config.ImageColumn("", width=56),
    "file": st.column_config.TextColumn("file", width=150),
    "conclusion": st.column_config.TextColumn("conclusion", width=90),
    "attack": st.column_config.TextColumn("attack", width=64),
    "attack_probability": _share("P attack"),
    "source_model": st.column_config.TextColumn("source model", width=96),
    "source_model_probability": _share("P source"),
    "hyperparameter": st.column_config.TextColumn("ε, κ, η", width=54),
    "intensity": st.column_config.NumberColumn(
        "intensity", format="%.3g", width=72, help="ε in 1/255, of L2 attacks in units of [0, 1]; κ in logits; η in %"
    ),
    "interval": st.column_config.TextColumn("interval", width=104),
    "refused_because": st.column_config.TextColumn("refused because", width="large"),
}


def show(files: list[File], results: list[Result], card: api.Card) -> int:
    """Render the table and return the place of the chosen row, at first the first."""
    rows = [
        {"image": thumbnail(data, card, card.weights_sha256), **_row(result)}
        for (_, data), result in zip(files, results, strict=True)
    ]
    # Another list of images is another table: what was chosen in the last one means nothing here.
    key = "table-" + hashlib.sha256("".join(values["sha256"] for values in rows).encode()).hexdigest()[:16]
    listed = f"{key}-listed"

    def to_list() -> None:
        rows_clicked = st.session_state[key]["selection"]["rows"]
        if rows_clicked:
            st.session_state[listed] = rows_clicked[0]

    def to_table() -> None:
        st.session_state[key] = {"selection": {"rows": [st.session_state[listed]], "columns": [], "cells": []}}

    st.dataframe(
        rows,
        key=key,
        hide_index=True,
        column_order=_present(rows),
        column_config=COLUMNS,
        on_select=to_list,
        selection_mode="single-row-required",
        row_height=48,
        height=min(len(rows), 10) * 48 + 40,
        placeholder="",
        alt="Verdicts, one image a row",
    )
    # The table is drawn on a canvas, where no key chooses a row.
    return st.selectbox(
        "Shown in full",
        range(len(rows)),
        format_func=lambda place: f"{place + 1}. {rows[place]['file']}: {rows[place]['conclusion']}",
        key=listed,
        on_change=to_table,
    )


def preview(results: list[Result]) -> None:
    """Render what there is so far, while more is being judged."""
    rows = [_row(result) for result in results]
    st.dataframe(rows, hide_index=True, column_order=_present(rows), column_config=COLUMNS, placeholder="")


def _present(rows: list[dict[str, Any]]) -> list[str]:
    return [name for name in COLUMNS if any(name in values for values in rows)]


def _row(result: Result) -> dict[str, Any]:
    values = export.row(result)
    if isinstance(result, api.Verdict) and result.inferred.victim.label == NOBODY:
        del values["source_model_probability"]  # that a clean image has no source model is no finding of its own
    for name in ("attack_probability", "source_model_probability"):
        if name in values:
            # As everywhere, no certainty is claimed that the checkpoint has not.
            values[name] = min(100 * values[name], 99.9)
    if isinstance(result, api.Verdict) and result.inferred.hyperparameter is not None:
        values["interval"] = api.interval(result.inferred.hyperparameter)
    return values
