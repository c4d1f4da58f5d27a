"""The notes of a case: written, edited and deleted, each with its earlier wordings on demand."""

from typing import Any

import streamlit as st

from app import access, casebook
from app.words import plain
from mtaa.api import cases

LONGEST = 20_000


def show(store: "cases.Store", case: cases.Case) -> None:
    """Render the notes, oldest first, and a form for one more."""
    names = {image.sha256: image.name for image in case.images}
    for note in case.notes:
        _note(store, case, note, "" if note.sha256 is None else f", on {plain(names[note.sha256])}")
    if not case.notes:
        st.caption("No note yet.")
    with st.form(f"case-note-{case.number}", clear_on_submit=True, border=False):
        text = st.text_area("Note", max_chars=LONGEST, key=f"case-note-text-{case.number}")
        about = st.selectbox(
            "About", [None, *names], format_func=lambda one: "the whole case" if one is None else names[one]
        )
        if st.form_submit_button("Add the note", icon=":material/add_comment:", disabled=not access.may("note")):
            casebook.act("Note added", store.note, case.number, text, about)
            st.rerun()


def signed(note: cases.Note) -> str:
    """Who wrote it when, and who edited it last."""
    first = f"{casebook.when(note.at)}, {plain(note.by)}"
    if note.edited_at is None or note.edited_by is None:
        return first
    return f"{first}; edited by {plain(note.edited_by)} at {casebook.when(note.edited_at)}"


def _note(store: "cases.Store", case: cases.Case, note: cases.Note, about: str) -> None:
    # Another key after each edit, so that what was open is closed and its field holds the newest text.
    key = f"{note.id}-{len(note.earlier)}"
    with st.container(border=True, gap="xsmall", key=f"case-note-{key}"):
        st.text(note.text)
        st.caption(signed(note) + about)
        with st.container(horizontal=True, gap="small"):
            _edit(store, case, note, key)
            _delete(store, case, note, key)
            if note.earlier:
                _earlier(note)


def _edit(store: "cases.Store", case: cases.Case, note: cases.Note, key: str) -> None:
    field, draft = f"case-note-edit-text-{key}", f"case-note-draft-{note.id}"

    def save() -> None:
        text = st.session_state[field]
        if _act("Note edited", store.edit_note, case, note, text):
            st.session_state.pop(draft, None)
        else:
            st.session_state[draft] = text  # for the field that stands there from now on

    may = _may("edit_note", note)
    with st.popover("Edit", icon=":material/edit:", disabled=not may), st.form(f"case-note-edit-{key}", border=False):
        st.text_area("New wording", st.session_state.get(draft, note.text), max_chars=LONGEST, key=field)
        st.caption("What it said before is kept, for all who see this case.")
        st.form_submit_button("Save the note", icon=":material/save:", on_click=save, disabled=not may)


def _delete(store: "cases.Store", case: cases.Case, note: cases.Note, key: str) -> None:
    def delete() -> None:
        _act("Note deleted", store.delete_note, case, note)

    may = _may("delete_note", note)
    with st.popover("Delete", icon=":material/delete:", disabled=not may):
        st.markdown(
            "**Delete this note with all its wordings?** This can't be undone. The audit trail keeps who deleted it "
            "and when, and a digest of each wording."
        )
        st.button(
            "Delete the note",
            key=f"case-note-delete-{key}",
            type="primary",
            on_click=delete,
            disabled=not may,
        )


def _earlier(note: cases.Note) -> None:
    with st.popover("Earlier wordings", icon=":material/history:"):
        for wording in reversed(note.earlier):
            casebook.written(wording.text, f"{casebook.when(wording.at)}, {plain(wording.by)}")


def _may(act: str, note: cases.Note) -> bool:
    return access.may(act) and (note.by == casebook.actor() or access.may("others_note"))


def _act(done: str, action: Any, case: cases.Case, note: cases.Note, *text: str) -> bool:
    """Have a note edited or deleted by who may do that; refused, and told, where it changed since it was shown.

    As a callback of the control that was shown: after another's edit the next run of the page has it no more.
    """
    also = () if note.by == casebook.actor() else ("others_note",)
    return casebook.act(done, action, case.number, note.id, *text, len(note.earlier) + 1, also=also) is not None
