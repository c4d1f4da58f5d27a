"""The page Attribute's flow: from images to results, with progress and without a trace on bad input."""

from collections import Counter

import streamlit as st

from app import case_adding, choosing, detail, export, table
from app.service import File, Result, results
from app.words import listed, sentence
from mtaa import api

TOLD = 3


def empty(has_samples: bool) -> None:
    """What to do first."""
    trial = "; or pick a sample below to see how a verdict reads" if has_samples else ""
    st.markdown(
        f"1. **Drop an image** above, or several for a table{trial}.\n"
        "2. **Use the file as it was found.** A screenshot, a resized or a re-saved copy has lost the signature.\n"
        "3. **Read the three signatures**: attack algorithm, source model and strength, each with its uncertainty."
    )


def sample(one: api.Sample, card: api.Card) -> None:
    """A sample in full, beside its truth."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**Sample with known truth**")
        st.button("Close the sample", on_click=choosing.close_sample, icon=":material/close:", type="tertiary")
    single((one.file, api.read_sample(one)), card, one)


def single(file: File, card: api.Card, truth: api.Sample | None = None) -> None:
    """One image in full."""
    with st.spinner("Analysing the image…"):
        result = results([file], card, None, lambda _: None)[0]
    case_adding.offer([(file, result)])
    detail.show(result, file[1], card, truth)


def several(files: list[File], card: api.Card) -> None:
    """A table of all, and the chosen one in full beneath."""
    found = _judge_all(files, card)
    counts = Counter("refused" if isinstance(result, api.Refusal) else result.inferred.conclusion for result in found)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        shares = ", ".join(f"{count} {name}" for name, count in counts.most_common())
        st.markdown(f"**{len(found)} images: {shares}**")
        _downloads(found)
    _refusals([result for result in found if isinstance(result, api.Refusal)])
    chosen = table.show(files, found, card)
    case_adding.offer(list(zip(files, found, strict=True)), chosen)
    st.divider()
    detail.show(found[chosen], files[chosen][1], card)


def _downloads(found: list[Result]) -> None:
    with st.container(horizontal=True, width="content"):
        st.download_button(
            "CSV",
            export.as_csv(found),
            "verdicts.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
            help="Download the table",
        )
        st.download_button(
            "JSON",
            export.as_json(found),
            "verdicts.json",
            "application/json",
            on_click="ignore",
            icon=":material/download:",
            help="Download all verdicts and refusals in full",
        )


def _refusals(refused: list[api.Refusal]) -> None:
    """Why, without a search in the table; of many the first few."""
    if refused:
        lines = [f"{one.name} was not analysed. {sentence(one.reason)}" for one in refused[:TOLD]]
        rest = len(refused) - len(lines)
        st.warning(listed([*lines, f"{rest} more: see the table."] if rest else lines))


def _judge_all(files: list[File], card: api.Card) -> list[Result]:
    """Results of all files; while some are missing, those there are can be read."""
    bar, early = st.empty(), st.empty()

    def report(done: list[Result]) -> None:
        bar.progress(len(done) / len(files), f"{len(done)} of {len(files)} images analysed")
        if done:
            with early:
                table.preview(done)

    found = results(files, card, None, report)
    bar.empty()
    early.empty()
    return found
