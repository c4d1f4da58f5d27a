"""Keeping what the page Attribute found: images and verdicts into a new case or one that there is."""

from collections.abc import Sequence

import streamlit as st

from app import access, casebook
from app.service import File, Result
from app.words import plain
from mtaa import api

Judged = tuple[File, Result]
Finding = tuple[bytes, api.Verdict]
_ADDED, _DONE, _OFFERED = "case-added", "case-additions", "case-title-offered"
NEW = "a new case"
SCOPES = {"one": "the image shown", "listed": "the {} listed images", "all": "all {} judged images"}


def offer(judged: Sequence[Judged], chosen: int = 0, places: Sequence[int] = ()) -> None:
    """Render the choice for the judged images, of which the one at `chosen` is shown and those at `places` are listed;
    refused ones can't be kept."""
    scopes = _scopes(judged, chosen, places)
    if not scopes:
        return
    try:
        store = casebook.store()
        titles = store.titles()
    except api.MtaaError as error:
        st.caption(plain(f"Nothing can be added to a case: {error}"))
        return
    # After an addition the pop-over is another one, so that it is closed and what was done can be read.
    done = st.session_state.setdefault(_DONE, 0)
    with st.popover("Add to case", icon=":material/create_new_folder:", key=f"case-adding-{done}"):
        scope = next(iter(scopes))
        if len(scopes) > 1:
            words = {name: SCOPES[name].format(len(findings)) for name, findings in scopes.items()}
            scope = st.radio("What", list(scopes), format_func=words.__getitem__, key="case-add-scope")
        findings = scopes[scope]
        number = st.selectbox(
            "To",
            [None, *titles],
            format_func=lambda place: NEW if place is None else f"{place}. {titles[place]}",
            key="case-add-to",
        )
        title = ""
        if number is None:
            key = f"case-add-title-{done}"
            _suggest(key, _title(findings))
            title = st.text_input("Title of the new case", max_chars=200, key=key)
        st.caption(
            "The bytes are then kept on this machine, with the verdict, the checkpoint's hash and the time, and the "
            "address of this page leads back to the image."
        )
        if st.button("Add", type="primary", key="case-add", icon=":material/add:", disabled=not access.may("add")):
            if number is None:
                number = casebook.act("", store.open_case, title, findings)
            elif casebook.act("", store.add, number, findings) is None:
                number = None
            if number is None:
                casebook.told()
            else:
                st.session_state[_ADDED], st.session_state[_DONE] = number, done + 1
                st.rerun()
    _told()


def _scopes(judged: Sequence[Judged], chosen: int, places: Sequence[int]) -> dict[str, list[Finding]]:
    """What can be kept, under some of `SCOPES`; what would be nothing, or the same as another, is left out."""
    whole = range(len(judged))
    found = {
        name: [(data, result) for (_, data), result in (judged[at] for at in mine) if isinstance(result, api.Verdict)]
        for name, mine in (("one", [chosen]), ("listed", places), ("all", whole))
    }
    one, listed, everything = found.values()
    if len(everything) == 1:
        return {"all": everything}
    if len(listed) in (0, len(everything)) or listed == one:
        del found["listed"]
    return {name: findings for name, findings in found.items() if findings}


def _suggest(key: str, title: str) -> None:
    """Fill the field of the title, which follows what is to be added until somebody writes another."""
    state = st.session_state
    offered = state.get(_OFFERED)
    if state.get(key, offered) == offered:
        state[key] = title
    state[_OFFERED] = title


def _told() -> None:
    number = st.session_state.pop(_ADDED, None)
    if number is not None:
        st.page_link(
            casebook.PAGE,
            label=f"Added. Open case {number}",
            icon=":material/folder_open:",
            query_params={"case": str(number)},
        )


def _title(findings: Sequence[Finding]) -> str:
    first = findings[0][1].observed.name
    return first if len(findings) == 1 else f"{first} and {len(findings) - 1} more"
