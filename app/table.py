"""Several verdicts as a table that can be sorted, and in which one can be chosen."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app import export, triage
from app.pictures import thumbnail
from app.service import File, Result
from app.words import NOBODY
from mtaa import api

KEY = "image-table"
_REMARKS = {"unknown": "unknown maker", "weakened": "weakened", "destroyed": "destroyed"}
_ROW, _WRAPPING_ROW, _TALLEST = 48, 66, 520  # a table wraps texts where rows are higher than 64 pixels


def _share(title: str) -> Any:
    return st.column_config.NumberColumn(title, format="%.1f%%", width=68)


COLUMNS: dict[str, Any] = {
    "image": st.column_config.ImageColumn("", width=56),
    "file": st.column_config.TextColumn("file", width=116),
    "conclusion": st.column_config.TextColumn("conclusion", width=96),
    "remark": st.column_config.TextColumn("remark", width=84),
    "attack": st.column_config.TextColumn("attack", width=92),
    "attack_probability": _share("P attack"),
    "source_model": st.column_config.TextColumn("source model", width=94),
    "source_model_probability": _share("P source"),
    "hyperparameter": st.column_config.TextColumn("ε, κ, η", width=50),
    "intensity": st.column_config.NumberColumn(
        "intensity", format="%.3g", width=66, help="ε in 1/255, of L2 attacks in units of [0, 1]; κ in logits; η in %"
    ),
    "interval": st.column_config.TextColumn("interval", width=96),
    "refused_because": st.column_config.TextColumn("refused because", width=236),
}


def show(judged: Sequence[tuple[File, Result]], chosen: int, card: api.Card, choose: Callable[[int], None]) -> None:
    """Render the table with the row `chosen` marked; `choose` is told the row that is clicked."""
    rows = [{"image": _thumbnail(data, result, card), **_row(result)} for (_, data), result in judged]
    mark = {"selection": {"rows": [chosen], "columns": [], "cells": []}}
    if st.session_state.get(KEY) != mark:
        st.session_state[KEY] = mark

    def to_choose() -> None:
        clicked = st.session_state[KEY]["selection"]["rows"]
        if clicked:
            choose(clicked[0])

    columns = [name for name in COLUMNS if any(name in values for values in rows)]
    row_height = _WRAPPING_ROW if "refused_because" in columns else _ROW
    st.dataframe(
        rows,
        key=KEY,
        hide_index=True,
        column_order=columns,
        column_config=COLUMNS,
        on_select=to_choose,
        selection_mode="single-row-required",
        row_height=row_height,
        height=min(len(rows) * row_height + 40, _TALLEST),
        placeholder="",
        alt="Verdicts, one image a row",
    )


def _thumbnail(data: bytes, result: Result, card: api.Card) -> str | None:
    """A small picture; of a refused file none is made, for that its bytes would have to be decoded."""
    if isinstance(result, api.Refusal):
        return None
    return thumbnail(data, card, triage.sha256(result), card.weights_sha256)


def _row(result: Result) -> dict[str, Any]:
    values = export.row(result)
    remarks = [_REMARKS[values[name]] for name in ("standing", "evidence") if values.get(name) in _REMARKS]
    if remarks:
        values["remark"] = ", ".join(remarks)
    if isinstance(result, api.Verdict) and result.inferred.victim.label == NOBODY:
        values.pop("source_model_probability", None)  # that a clean image has no source model is no finding of its own
    if isinstance(result, api.Verdict) and result.names_nobody:
        values["attack"] = "none given"
    for name in ("attack_probability", "source_model_probability"):
        if name in values:
            # As everywhere, no certainty is claimed that the checkpoint has not.
            values[name] = min(100 * values[name], 99.9)
    if isinstance(result, api.Verdict) and result.inferred.hyperparameter is not None:
        values["interval"] = api.interval(result.inferred.hyperparameter)
    return values
