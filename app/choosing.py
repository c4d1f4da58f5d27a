"""Where images come from: dropped files, or a bundled sample with known truth."""

import streamlit as st

from app.detail import describe
from app.pictures import enlarged
from app.service import LARGEST_COUNT, File
from mtaa import api

PER_FILE_MB = 10


def uploads() -> list[File]:
    """The dropped files; too many are cut, and that is said."""
    dropped = st.file_uploader(
        "Suspicious images",
        accept_multiple_files=True,
        max_upload_size=PER_FILE_MB,
        key="uploads",
        help="PNG, BMP, TIFF or lossless WebP keep the signature; JPEG loses much of it.",
    )
    if len(dropped) > LARGEST_COUNT:
        st.warning(
            f"At most {LARGEST_COUNT} images are analysed at once, got {len(dropped)}; the first ones are taken."
        )
    return [(file.name, file.getvalue()) for file in dropped[:LARGEST_COUNT]]


def sample() -> api.Sample | None:
    """The sample in use, if any; a click on another takes its place."""
    found = api.samples()
    by_file = {one.file: one for one in found}
    if not found:
        return None
    gallery = st.expander("Or try a sample with known truth", expanded=st.session_state.get("sample") is None)
    with gallery, st.container(horizontal=True, gap="small"):
        for one in found:
            with st.container(width=104, gap=None):
                shown = enlarged(api.read_sample(one), 96)
                if shown is not None:
                    st.image(shown, width=96)
                st.button(_short(one), key=f"sample-{one.file}", help=describe(one), on_click=_use, args=(one.file,))
    return by_file.get(st.session_state.get("sample", ""))


def reference() -> bytes | None:
    """The clean original, where the analyst has it."""
    with st.expander("I have the clean original"):
        given = st.file_uploader(
            "Clean original of this image",
            key="reference",
            max_upload_size=PER_FILE_MB,
            help="Adds true differences to what is DERIVED. The inference itself looks at the suspicious image alone.",
        )
    return given.getvalue() if given is not None else None


def _use(file: str) -> None:
    st.session_state["sample"] = file


def _short(one: api.Sample) -> str:
    return "clean" if one.attack == "clean" else f"{api.title(one.attack)} {one.symbol} {one.intensity:g}"
