"""Where images come from: dropped files, a bundled sample with known truth, the clean original of one of them."""

from typing import Any

import numpy as np
import streamlit as st

from app import linking, stepping
from app.pictures import png
from app.service import File, sha256
from app.words import plain, truth
from mtaa import api

FILE_MB = 10
LARGEST_COUNT, LARGEST_TOTAL_MB = 500, 250  # bytes are held in memory while the visit lasts
_SAMPLE, _UPLOADS, _KEPT, _TILE, _PICTURE = "sample", "uploads", "kept-uploads", 126, 112

Offer = tuple[api.Sample, np.ndarray]


def uploads() -> list[File]:
    """The files dropped on the page Attribute, now or before another page was visited."""
    dropped = st.file_uploader(
        "Suspicious images",
        accept_multiple_files=True,
        max_upload_size=FILE_MB,
        key=_UPLOADS,
        on_change=_dropped,
        help="PNG, BMP, TIFF, GIF and lossless WebP keep the signature, JPEG loses much of it. "
        f"Up to {LARGEST_COUNT} files at once.",
    )
    if dropped:
        st.session_state[_KEPT] = within_limits(dropped)
        return kept()
    before = kept()
    if before and linking.named() and linking.place([sha256(data) for _, data in before]) is None:
        return []  # the address names another image
    if before:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(counted(before))}, dropped before** :small[:gray[others take their place]]")
            st.button("Close", on_click=_forget, icon=":material/close:", type="tertiary", key="close-kept")
    return before


def kept() -> list[File]:
    """The files that were last dropped on the page Attribute in this visit."""
    found: list[File] = st.session_state.get(_KEPT, [])
    return found


def counted(files: list[File]) -> str:
    """One file by its name, several by their number."""
    return files[0][0] if len(files) == 1 else f"{len(files)} images"


def within_limits(dropped: list[Any]) -> list[File]:
    """The dropped files with their bytes. What is beyond the limits is left out, and that is said."""
    taken, total = [], 0
    for file in dropped[:LARGEST_COUNT]:
        total += file.size
        if total > LARGEST_TOTAL_MB * 10**6:
            break
        taken.append((file.name, file.getvalue()))
    if len(taken) < len(dropped):
        st.warning(
            f"At most {LARGEST_COUNT} files and {LARGEST_TOTAL_MB} MB are analysed at once, got {len(dropped)} files; "
            f"the first {len(taken)} are taken."
        )
    return taken


def offered(card: api.Card) -> list[Offer]:
    """The bundled samples that fit the checkpoint, each with its pixels."""
    return [(one, pixels) for one in api.samples() if (pixels := api.pixels(api.read_sample(one), card)) is not None]


def in_use(offers: list[Offer]) -> api.Sample | None:
    """The sample that was picked, if any; one that does not fit this checkpoint is none."""
    return next((one for one, _ in offers if one.file == st.session_state.get(_SAMPLE)), None)


def gallery(offers: list[Offer], chosen: api.Sample | None) -> None:
    """Tiles to pick a sample from; out of the way once one is chosen."""
    if not offers:
        return
    with st.expander("Samples with known truth", expanded=chosen is None):
        tiles(offers, chosen)


def tiles(offers: list[Offer], chosen: api.Sample | None) -> None:
    """A row of tiles, each a button; what is picked on one page is picked on all."""
    with st.container(horizontal=True, gap="small"):
        for one, pixels in offers:
            _tile(one, pixels, one == chosen)


def close_sample() -> None:
    """Back to the empty page."""
    st.session_state.pop(_SAMPLE, None)
    linking.forget()


def follow_link(offers: list[Offer]) -> None:
    """Pick the sample that the page's address names, if it names one."""
    place = linking.place([one.sha256 for one, _ in offers])
    if place is not None:
        st.session_state[_SAMPLE] = offers[place][0].file


def reference(sha256: str) -> bytes | None:
    """The clean original of the image with this hash, where the analyst has it; another image has another original."""
    given = st.file_uploader(
        "Clean original",
        key=f"reference-{sha256}",
        max_upload_size=FILE_MB,
        help="Adds the true differences. The inference itself looks at the suspicious image alone.",
    )
    return given.getvalue() if given is not None else None


def _tile(one: api.Sample, pixels: np.ndarray, is_in_use: bool) -> None:
    is_clean = one.attack == "clean"
    label = "clean" if is_clean else f"{api.title(one.attack)} {one.symbol} {one.intensity:g}"
    with st.container(width=_TILE, gap=None):
        st.image(png(pixels, _PICTURE), width=_PICTURE, alt=f"Sample: {truth(one)}")
        st.button(
            plain(label),
            key=f"sample-{one.file}",
            help=f"Analyse this sample: {plain(truth(one))}",
            type="primary" if is_in_use else "secondary",
            width="stretch",
            on_click=_use,
            args=(one.file,),
        )
        st.caption("no attack" if is_clean else plain(api.title(one.victim)))


def _use(file: str) -> None:
    st.session_state[_SAMPLE] = file
    _forget()


def _dropped() -> None:
    """Files count before a sample; those that are there now are another list."""
    st.session_state.pop(_SAMPLE, None)
    stepping.forget()
    if not st.session_state[_UPLOADS]:
        _forget()


def _forget() -> None:
    """Have no file, and the address name none."""
    st.session_state.pop(_KEPT, None)
    linking.forget()
