"""One case: what stands at its head, its notes, its audit trail, its report."""

from typing import Any

import streamlit as st

from app import access, case_images, case_notes, casebook
from app.words import plain
from mtaa import api
from mtaa.api import cases

_MIMES: dict[cases.ReportKind, str] = {"html": "text/html", "json": "application/json", "pdf": "application/pdf"}


def show(store: "cases.Store", number: int, image: str, card: api.Card | None) -> None:
    """Render a case, at first with the image whose hash begins with `image`. Raises `api.MtaaError`."""
    case = store.case(number)
    trail = store.trail(number)
    _head(store, case)
    # Without counts: a label that changes would bring the first tab to the front.
    images, notes, audit, report = st.tabs(["Images", "Notes", "Audit trail", "Report"])
    with images:
        case_images.show(store, case, image, card)
    with notes:
        case_notes.show(store, case)
    with audit:
        _audit(store, case, trail)
    with report:
        _report(store, case)


def _head(store: "cases.Store", case: cases.Case) -> None:
    # A link to the page it stands on would keep the case in the address.
    st.button("All cases", icon=":material/arrow_back:", type="tertiary", on_click=st.query_params.clear)
    st.title(plain(case.title), anchor=False)
    st.caption(
        f"Case {case.number}, opened {casebook.when(case.opened_at)} by {plain(case.opened_by)}, "
        f"changed {casebook.when(case.changed_at)}; {casebook.count(len(case.images), 'image')}, "
        f"{casebook.count(len(case.notes), 'note')}"
    )
    status, tags, more = st.columns([3, 5, 4], gap="small", vertical_alignment="bottom")
    status_key, tags_key = f"case-status-{case.number}", f"case-tags-{case.number}"
    # What is kept counts, also where another visitor changed it.
    st.session_state[status_key], st.session_state[tags_key] = case.status, case.tags

    def set_status() -> None:
        casebook.act("Status changed", store.set_status, case.number, st.session_state[status_key])

    def set_tags() -> None:
        casebook.act("Tags changed", store.set_tags, case.number, st.session_state[tags_key])

    status.selectbox(
        "Status", cases.STATUSES, key=status_key, on_change=set_status, disabled=not access.may("set_status")
    )
    tags.multiselect(
        "Tags",
        sorted({*store.choices().tags, *case.tags}),
        key=tags_key,
        on_change=set_tags,
        accept_new_options=True,
        placeholder="Choose or type a tag",
        disabled=not access.may("set_tags"),
    )
    with more, st.container(horizontal=True, gap="small"):
        _rename(store, case)
        _delete(store, case)


def _rename(store: "cases.Store", case: cases.Case) -> None:
    with st.popover("Rename", icon=":material/edit:"), st.form(f"case-rename-{case.number}", border=False):
        title = st.text_input("Title", case.title, max_chars=200)
        if st.form_submit_button("Rename the case", disabled=not access.may("rename")):
            casebook.act("Renamed", store.rename, case.number, title)
            st.rerun()


def _delete(store: "cases.Store", case: cases.Case) -> None:
    with st.popover("Delete", icon=":material/delete:"):
        st.markdown(
            f"**Delete case {case.number} with {casebook.count(len(case.images), 'image')}, all verdicts and notes?** "
            "This can't be undone. Images that no other case holds are erased from the disk. The audit trail keeps "
            "who deleted it and when, and the hashes of the images."
        )
        if st.button(
            "Delete for good", key=f"case-delete-{case.number}", type="primary", disabled=not access.may("delete_case")
        ):
            gone = casebook.act(f"Case {case.number} deleted", store.delete_case, case.number)
            if gone is not None:
                st.query_params.clear()
            st.rerun()


def _audit(store: "cases.Store", case: cases.Case, trail: list[cases.Entry]) -> None:
    if st.button("Verify this case", icon=":material/verified_user:", key=f"case-verify-{case.number}"):
        with st.spinner("Checking…"):
            faults = store.check_case(case.number)
        if faults:
            st.error(f"**Not as it was kept.** {plain(' '.join(faults[:5]))}", icon=":material/gpp_bad:")
        else:
            st.success(
                "The audit trail is whole, the case is what it says, and every image still hashes to its name.",
                icon=":material/verified_user:",
            )
    rows: list[dict[str, Any]] = [
        {
            "entry": entry.sequence,
            "when (UTC)": entry.at.rstrip("Z").replace("T", " "),
            "who": entry.actor,
            "what": entry.action,
            "of what": cases.details(entry),
            "SHA-256": entry.sha256,
        }
        for entry in reversed(trail)
    ]
    st.dataframe(
        rows,
        hide_index=True,
        key=f"case-trail-{case.number}",
        column_config={"entry": st.column_config.NumberColumn(width=56, format="%d")},
        alt="Audit trail, latest entry first",
    )
    st.caption("Each entry's SHA-256 covers the entry before it. Nothing can be changed or taken out here.")


def _report(store: "cases.Store", case: cases.Case) -> None:
    st.markdown(
        "All findings with their uncertainty, hashes computed anew, the checkpoint's figures, notes, audit trail and "
        "the limits of the method, in one file that opens without a network. The same case gives the same file."
    )
    by, can_pdf, may = casebook.actor(), cases.can_write_pdf(), access.may("report")
    if not may:
        st.caption("Reports are made by analysts.")
    with st.container(horizontal=True, gap="small"):
        for kind in cases.REPORT_KINDS:
            missing = kind == "pdf" and not can_pdf
            st.download_button(
                kind.upper(),
                # Made when it is asked for, and then noted in the trail.
                "" if missing or not may else access.later("report", cases.report, store, case.number, kind, None, by),
                f"case-{case.number}.{kind}",
                _MIMES[kind],
                key=f"case-report-{kind}-{case.number}",
                on_click="ignore",
                icon=":material/download:",
                disabled=missing or not may,
                help="Needs WeasyPrint: pip install 'mtaa[pdf]'" if missing else None,
            )
