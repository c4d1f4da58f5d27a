"""The list of cases: search, filters, a page at a time; a new case; a check of all that is kept."""

import math

import streamlit as st

from app import access, casebook
from app.words import plain
from mtaa import api
from mtaa.api import cases

SIZE = 20


def show(store: "cases.Store") -> None:
    """Render the list, or what to do where there is no case yet."""
    query = _query(store.choices())
    found = store.list_cases(query, size=SIZE)
    pages = max(1, math.ceil(found.total / SIZE))
    if pages > 1:
        page = st.pagination(pages, key=f"cases-page-{pages}-{query.model_dump_json()}")
        found = store.list_cases(query, page, SIZE)
    if not found.total and query == cases.Query():
        _empty()
    elif not found.total:
        st.info("No case fits this search. Take a word or a filter away.", icon=":material/search_off:")
    else:
        st.caption(casebook.count(found.total, "case"))
    for one in found.cases:
        _row(one)
    st.space("small")
    with st.container(horizontal=True, gap="small"):
        _new()
        _verify(store)


def _empty() -> None:
    st.info(
        "No case yet. On the page **Attribute**, analyse an image and choose **Add to case**; or open an empty case "
        "below. Until then no image is kept.",
        icon=":material/folder_open:",
    )
    st.page_link("pages/attribute.py", label="Analyse an image", icon=":material/search:")


def _query(choices: cases.Choices) -> cases.Query:
    text = st.text_input(
        "Search",
        key="cases-text",
        placeholder="Words of a title, note, file name or tag, or the first digits of a SHA-256",
        icon=":material/search:",
        type="search",
    )
    status, tag, attack, victim = st.columns(4, gap="small")
    return cases.Query(
        text=text or "",
        status=status.selectbox("Status", cases.STATUSES, index=None, placeholder="any", key="cases-status"),
        tag=tag.selectbox("Tag", choices.tags, index=None, placeholder="any", key="cases-tag"),
        attack=attack.selectbox(
            "Attack", choices.attacks, index=None, placeholder="any", format_func=api.title, key="cases-attack"
        ),
        victim=victim.selectbox(
            "Source model", choices.victims, index=None, placeholder="any", format_func=api.title, key="cases-victim"
        ),
    )


def _row(one: cases.Summary) -> None:
    with st.container(border=True):
        words, images = st.columns([5, 2], gap="small", vertical_alignment="center")
        with words.container(gap=None):
            st.page_link(
                casebook.PAGE,
                label=f"**{one.number}. {plain(one.title)}**",
                icon=":material/folder:",
                query_params={"case": str(one.number)},
            )
            with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                st.badge(one.status, color=casebook.COLOURS[one.status])
                for tag in one.tags:
                    st.badge(plain(tag), color="gray", icon=":material/sell:")
                st.caption(f"{_images(one)}; changed {casebook.when(one.changed_at)}")
            if one.images == 1:
                st.caption(plain(one.previews[0].sentence))
        with images.container(horizontal=True, gap="xsmall"):
            for image in one.previews:
                casebook.tile(image.sha256, image.channels, image.side, f"{image.name}: {image.sentence}")


def _images(one: cases.Summary) -> str:
    """How many there are, and of several how many are what: `6 images: 5 adversarial, 1 clean`."""
    count = casebook.count(one.images, "image")
    if one.images < 2:
        return count
    return f"{count}: {', '.join(f'{number:,} {words}' for words, number in one.conclusions.items())}"


def _new() -> None:
    with st.popover("New case", icon=":material/create_new_folder:"), st.form("case-new", border=False):
        title = st.text_input("Title", max_chars=200, key="case-new-title")
        if st.form_submit_button("Open the case", disabled=not access.may("open_case")):
            number = casebook.act("", casebook.store().open_case, title)
            if number is None:
                casebook.told()
            else:
                st.query_params["case"] = str(number)
                st.rerun()


def _verify(store: "cases.Store") -> None:
    if st.button(
        "Verify all evidence",
        icon=":material/verified_user:",
        help="Checks the chain of audit entries, every case against it, and the bytes of every image against its hash.",
    ):
        with st.spinner("Checking every entry and every image…"):
            told(store.verify())


def told(check: cases.Check) -> None:
    """Render what a verification found."""
    scope = (
        f"{casebook.count(check.entries, 'audit entry').replace('entrys', 'entries')}, "
        f"{casebook.count(check.cases, 'case')}, {casebook.count(check.images, 'image')}"
    )
    if check.faults:
        st.error(f"**Not as it was kept.** {plain(check.faults[0])}", icon=":material/gpp_bad:")
        for fault in check.faults[1:20]:
            st.caption(plain(fault))
    else:
        st.success(f"All is as it was kept: {scope}. Last entry `{check.head[:16]}`.", icon=":material/verified_user:")
    if check.leftovers:
        st.caption(f"{casebook.count(check.leftovers, 'file')} in the store belongs to no case: `mtaa cases sweep`")
