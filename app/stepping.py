"""Which of the listed images is shown in full: by the table, by a list, by buttons and keys."""

from collections.abc import Sequence

import streamlit as st

from app import linking, table, triage
from app.service import File, Result
from mtaa import api

_SHOWN, _LIST, _WIDTH = "image-shown", "image-list", 128


def choose(judged: Sequence[tuple[File, Result]], listed: list[int], card: api.Card) -> int:
    """Render a table of the `listed` places in `judged` and the ways through it, and return the place shown."""
    hashes = [triage.sha256(judged[place][1]) for place in listed]
    shown = st.session_state[_SHOWN] = _shown(hashes, listed)
    at = listed.index(shown)
    linking.put(hashes[at])
    table.show([judged[place] for place in listed], at, card, lambda row: _choose(listed[row]))
    # The table is drawn on a canvas, where no key chooses a row.
    st.session_state[_LIST] = shown
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _step("Previous", "P", "left", listed[at - 1] if at else None)
        _step("Next", "N", "right", listed[at + 1] if at + 1 < len(listed) else None)
        st.selectbox(
            f"Shown in full: {at + 1} of {len(listed)}",
            listed,
            format_func=lambda place: f"{place + 1}. {judged[place][0][0]}: {triage.conclusion(judged[place][1])}",
            key=_LIST,
            on_change=lambda: _choose(st.session_state[_LIST]),
        )
    return shown


def forget() -> None:
    """Begin the next list with its first image."""
    st.session_state.pop(_SHOWN, None)


def _step(label: str, key: str, side: str, place: int | None) -> None:
    st.button(
        label,
        key=f"image-{side}",
        icon=f":material/chevron_{side}:",
        shortcut=key,
        width=_WIDTH,
        disabled=place is None,
        on_click=_choose,
        args=(place,),
    )


def _shown(hashes: list[str], listed: list[int]) -> int:
    """What the address names, else what was chosen last, else the first."""
    chosen, linked = st.session_state.get(_SHOWN), linking.place(hashes)
    # The same bytes under two names are two rows with one address.
    if chosen in listed and (linked is None or hashes[listed.index(chosen)] == hashes[linked]):
        return int(chosen)
    return listed[linked or 0]


def _choose(place: int) -> None:
    st.session_state[_SHOWN] = place
    linking.forget()
