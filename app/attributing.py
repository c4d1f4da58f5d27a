"""The page Attribute's flow: from images to results, with progress and without a trace on bad input."""

import streamlit as st

from app import choosing, detail, table
from app.service import File, Result, results
from mtaa import api


def empty() -> None:
    """What to do first."""
    st.info(
        "Drop one or several images above, or pick a sample. For each you get the attack algorithm, the source model "
        "whose gradients were used, and the hyperparameter, with probabilities and an interval. "
        "Use the file as it was found: a screenshot or a re-saved copy has lost the signature.",
        icon="💡",
    )


def judge(files: list[File], card: api.Card, reference: bytes | None = None) -> list[Result]:
    """Results of all files; while several are worked on, what there is so far can be read."""
    if len(files) == 1:
        return results(files, card, reference, lambda _: None)
    bar, early = st.empty(), st.empty()

    def report(done: list[Result]) -> None:
        if len(done) < len(files):
            bar.progress(len(done) / len(files), f"{len(done)} of {len(files)} images")
            early.dataframe([table.row(result) for result in done], hide_index=True, width="stretch")

    found = results(files, card, reference, report)
    bar.empty()
    early.empty()
    return found


def one(file: File, card: api.Card, truth: api.Sample | None = None) -> None:
    """A single image in full."""
    original = choosing.reference()
    result = judge([file], card, original)[0]
    _show(result, file, card, truth)


def several(files: list[File], card: api.Card) -> None:
    """A table of all, and the chosen one in full beneath."""
    found = judge(files, card)
    refused = sum(isinstance(result, api.Refusal) for result in found)
    st.markdown(f"**{len(found) - refused} images judged**" + (f", {refused} refused" if refused else ""))
    chosen = table.show(files, found)
    if chosen is None:
        st.caption("Choose a row (click its left edge, or move there and press Space) to see it in full.")
        return
    st.divider()
    _show(found[chosen], files[chosen], card, None)


def _show(result: Result, file: File, card: api.Card, truth: api.Sample | None) -> None:
    if isinstance(result, api.Refusal):
        detail.refused(result)
    else:
        detail.show(result, file[1], card, truth)
