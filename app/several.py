"""The page Attribute for several images: judged in parts, sifted, and the chosen one in full beneath."""

from collections import Counter
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import case_adding, detail, export, service, sifting, stepping, triage
from app.service import File, Result
from app.words import listed, sentence
from mtaa import api

TOLD = 3


def show(files: list[File], card: api.Card) -> None:
    """Render a table and the chosen row in full; those there are can be read while the rest is being judged."""
    head, bar = st.container(), st.empty()
    known = service.judged(files, card)
    if not any(known):
        _judge(files, known, card, bar)
        known = service.judged(files, card)
    judged = [(file, result) for file, result in zip(files, known, strict=True) if result is not None]
    found = [result for _, result in judged]
    _refusals([result for result in found if isinstance(result, api.Refusal)])
    wanted = sifting.show(card)
    places = triage.listed(found, wanted)
    with head:
        _head(found, len(files), [found[place] for place in places], wanted)
    if places:
        chosen = stepping.choose(judged, places, card)
        case_adding.offer(judged, chosen, places)
        st.divider()
        detail.show(found[chosen], judged[chosen][0][1], card)
    else:
        st.info("No image fits these filters.", icon=":material/filter_alt_off:")
        st.button("Clear the filters", on_click=sifting.clear, args=(card,), icon=":material/close:", type="tertiary")
    if len(judged) < len(files):
        _judge(files, known, card, bar)
        st.rerun()


def _judge(files: list[File], known: list[Result | None], card: api.Card, bar: DeltaGenerator) -> None:
    """Judge as many more of `files` as are known, at least a batch, and move the bar along.

    Twice as many each time, so that drawing them costs little; a click in between is heeded after a batch.
    """
    done = sum(result is not None for result in known)
    missing = [file for file, result in zip(files, known, strict=True) if result is None]

    def report(early: list[Result]) -> None:
        so_far = done + len(early)
        bar.progress(so_far / len(files), f"{so_far} of {len(files)} images analysed")

    service.results(missing[: max(service.BATCH, done)], card, None, report)
    bar.empty()


def _head(found: list[Result], whole: int, chosen: list[Result], wanted: triage.Wanted) -> None:
    """What came out, and the downloads of all and of what is listed."""
    counts = Counter(triage.conclusion(result) for result in found)
    shares = ", ".join(f"{count} {name}" for name, count in counts.most_common())
    shares = "; ".join([shares, *triage.remarks(found)])
    so_far = "" if len(found) == whole else f" of {whole}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{len(found)}{so_far} images: {shares}**")
        with st.container(horizontal=True, width="content"):
            _downloads(found, "", "all")
            if not wanted.is_all:
                _downloads(chosen, f" of {len(chosen)} listed", "listed")


def _downloads(results: list[Result], which: str, name: str) -> None:
    """Buttons for results as CSV and JSON, written when they are asked for."""
    st.download_button(
        f"CSV{which}",
        partial(export.as_csv, results),
        "verdicts.csv",
        "text/csv",
        key=f"csv-{name}",
        on_click="ignore",
        icon=":material/download:",
        help="Download the table",
    )
    st.download_button(
        f"JSON{which}",
        partial(export.as_json, results),
        "verdicts.json",
        "application/json",
        key=f"json-{name}",
        on_click="ignore",
        icon=":material/download:",
        help="Download verdicts and refusals in full",
    )


def _refusals(refused: list[api.Refusal]) -> None:
    """Why, without a search in the table; of many the first few."""
    if refused:
        lines = [f"{one.name} was not analysed. {sentence(one.reason)}" for one in refused[:TOLD]]
        rest = len(refused) - len(lines)
        st.warning(listed([*lines, f"{rest} more: see the table."] if rest else lines))
