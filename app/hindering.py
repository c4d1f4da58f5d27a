"""What keeps a scenario from being trained on, every setting in a sentence."""

from collections.abc import Mapping

import streamlit as st

from app.words import plain
from mtaa.api import scenarios


def show(faults: Mapping[str, str]) -> None:
    """Render every fault of a scenario with the setting that it is at."""
    with st.container(border=True):
        count = "One setting needs" if len(faults) == 1 else f"{len(faults)} settings need"
        st.error(f"{count} another value.", icon=":material/edit:")
        for path, words in faults.items():
            st.caption(plain(scenarios.located(path or "The scenario", words)))
