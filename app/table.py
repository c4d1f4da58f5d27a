"""Several verdicts: a table that can be sorted and taken away."""

import csv
import io
import json
from typing import Any

import streamlit as st

from app import pictures
from app.service import File, Result
from mtaa import api

_COLUMNS = {
    "image": st.column_config.ImageColumn("image", width="small"),
    "P(adversarial)": st.column_config.ProgressColumn("P(adversarial)", format="percent", min_value=0, max_value=1),
    "P(attack)": st.column_config.ProgressColumn("P(attack)", format="percent", min_value=0, max_value=1),
    "P(source model)": st.column_config.ProgressColumn("P(source model)", format="percent", min_value=0, max_value=1),
    "intensity": st.column_config.NumberColumn("intensity", format="%.1f"),
}


def row(result: Result) -> dict[str, Any]:
    """One result as plain values; what was not analysed has its reason."""
    if isinstance(result, api.Refusal):
        return {"file": result.name, "conclusion": "refused", "reason": result.reason, "sha256": result.sha256}
    said, strength = result.inferred, result.inferred.hyperparameter
    values: dict[str, Any] = {
        "file": result.observed.name,
        "conclusion": said.conclusion,
        "P(adversarial)": said.adversarial_probability,
        "attack": said.attack.title,
        "P(attack)": said.attack.probability,
        "source model": said.victim.title,
        "P(source model)": said.victim.probability,
    }
    if strength is not None:
        values |= {
            "symbol": strength.symbol,
            "intensity": strength.value,
            "low": strength.low,
            "high": strength.high,
            "unit": strength.unit,
        }
    return {**values, "sha256": result.observed.sha256, "checkpoint": result.checkpoint.name}


def as_csv(results: list[Result]) -> str:
    """All rows as CSV. A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    rows = [row(result) for result in results]
    columns = list(dict.fromkeys(name for values in rows for name in values))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns)
    writer.writeheader()
    for values in rows:
        writer.writerow({name: _inert(value) for name, value in values.items()})
    return buffer.getvalue()


def as_json(results: list[Result]) -> str:
    """The verdicts and refusals themselves."""
    return json.dumps([result.model_dump(mode="json") for result in results], ensure_ascii=False, indent=2)


def _inert(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def show(files: list[File], results: list[Result]) -> int | None:
    """Render the table and return the place of the chosen row, if any."""
    rows = [
        {"image": pictures.thumbnail(data), **row(result)} for (_, data), result in zip(files, results, strict=True)
    ]
    order = [name for name in dict.fromkeys(name for values in rows for name in values) if name != "sha256"]
    event = st.dataframe(
        rows,
        key="table",
        hide_index=True,
        width="stretch",
        column_order=order,
        column_config=_COLUMNS,
        on_select="rerun",
        selection_mode="single-row",
        row_height=44,
    )
    with st.container(horizontal=True):
        st.download_button("Download CSV", as_csv(results), "verdicts.csv", "text/csv", on_click="ignore")
        st.download_button("Download JSON", as_json(results), "verdicts.json", "application/json", on_click="ignore")
    chosen = event.selection.rows
    return chosen[0] if chosen else None
