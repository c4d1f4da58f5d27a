"""The page Attribute for one image: a dropped file, a sample, or the one that the page's address names."""

import streamlit as st

from app import case_adding, casebook, choosing, detail, linking, service, triage
from app.service import File
from app.words import plain, sentence
from mtaa import api


def empty(has_samples: bool) -> None:
    """What to do first."""
    trial = "; or pick a sample below to see how a verdict reads" if has_samples else ""
    st.markdown(
        f"1. **Drop an image** above, or several for a table{trial}.\n"
        "2. **Use the file as it was found.** A screenshot, a resized or a re-saved copy has lost the signature.\n"
        "3. **Read the three signatures**: attack algorithm, source model and strength, each with its uncertainty."
    )


def single(file: File, card: api.Card, truth: api.Sample | None = None) -> None:
    """One image in full."""
    with st.spinner("Analysing the image…"):
        result = service.results([file], card, None, lambda _: None)[0]
    linking.put(triage.sha256(result))
    case_adding.offer([(file, result)])
    detail.show(result, file[1], card, truth)


def without_files(card: api.Card) -> None:
    """A sample, or an image that a case keeps where the address names one, or what to do first."""
    offers = choosing.offered(card)
    choosing.follow_link(offers)
    sample = choosing.in_use(offers)
    kept = _kept() if sample is None and linking.named() else None
    if sample is None and kept is None:
        empty(bool(offers))
    choosing.gallery(offers, sample)
    if sample is not None:
        _sample(sample, card)
    elif kept is not None:
        _from_case(*kept, card)


def _sample(one: api.Sample, card: api.Card) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**Sample with known truth**")
        st.button("Close the sample", on_click=choosing.close_sample, icon=":material/close:", type="tertiary")
    single((one.file, api.read_sample(one)), card, one)


def _kept() -> tuple[int, File] | None:
    """The image that the address names and its case; None where there is none, and that is said."""
    try:
        found = linking.kept()
    except api.MtaaError as error:
        st.warning(plain(sentence(str(error))), icon=":material/link_off:")
        return None
    if found is None:
        st.warning(
            "This image is not kept, so that its link leads nowhere after a reload. Drop the file again, and add it "
            "to a case to make the link last.",
            icon=":material/link_off:",
        )
    return found


def _from_case(number: int, file: File, card: api.Card) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.page_link(
            casebook.PAGE,
            label=f"Kept in case {number}",
            icon=":material/folder_open:",
            query_params={"case": str(number), "image": linking.named()},
        )
        st.button("Close the image", on_click=linking.forget, icon=":material/close:", type="tertiary")
    single(file, card)
