"""The images of a case: tiles to choose from, and the chosen one with its verdicts and the analyst's own."""

import math

import streamlit as st

from app import access, case_notes, casebook, evidence, pictures, service, signatures
from app.words import listed, plain
from mtaa import api
from mtaa.api import cases

TILES = 24


def show(store: "cases.Store", case: cases.Case, image: str, card: api.Card | None) -> None:
    """Render the tiles and the image whose hash begins with `image`, else the first."""
    if not case.images:
        st.info(
            "No image yet. On the page **Attribute**, analyse one and add it to this case.", icon=":material/image:"
        )
        return
    chosen = next((one for one in case.images if image and one.sha256.startswith(image)), case.images[0])
    if len(case.images) > 1:
        _tiles(case, chosen)
    _image(store, case, chosen, card)


def _tiles(case: cases.Case, chosen: cases.Exhibit) -> None:
    pages, first = math.ceil(len(case.images) / TILES), 0
    if pages > 1:
        at = case.images.index(chosen) // TILES + 1
        page = st.pagination(pages, default=at, key=f"case-tiles-{case.number}-{len(case.images)}")
        first = (page - 1) * TILES
    with st.container(horizontal=True, gap="small"):
        for one in case.images[first : first + TILES]:
            newest = one.verdicts[-1].verdict
            with st.container(width=116, gap="xsmall", horizontal_alignment="center"):
                casebook.tile(one.sha256, newest.derived.channels, newest.observed.width, one.name)
                st.button(
                    plain(one.name),
                    key=f"case-image-{one.sha256}",
                    help=plain(f"{one.name}: {newest.inferred.sentence}"),
                    type="primary" if one is chosen else "secondary",
                    on_click=_choose,
                    args=(one.sha256,),
                    width="stretch",
                    wrap=False,
                )


def _choose(sha256: str) -> None:
    st.query_params["image"] = sha256[:16]


def _image(store: "cases.Store", case: cases.Case, one: cases.Exhibit, card: api.Card | None) -> None:
    data = _bytes(store, one)
    kept = _verdict(one)
    said = kept.verdict.inferred
    picture, headline = st.columns([4, 7], gap="large")
    with picture:
        if data is not None:
            shape = (kept.verdict.derived.channels, kept.verdict.observed.width)
            pictures.show(cases.pixels(data, *shape), "The analysed image")
    with headline:
        st.subheader(plain(said.sentence), anchor=False)
        st.caption(f"Conclusion: **{said.conclusion}**; recorded {casebook.when(kept.at)} by {plain(kept.by)}")
        if kept.verdict.warnings:
            st.warning(listed(kept.verdict.warnings))
        evidence.identity(one.name, one.bytes, one.sha256)
        _actions(store, case, one, data, card)
    spoke = _card(kept)
    if spoke is None:
        st.caption(
            f"By checkpoint {plain(kept.verdict.checkpoint.name)}, weights "
            f"`{kept.verdict.checkpoint.weights_sha256[:12]}`, which are not installed here any longer."
        )
    else:
        signatures.show(kept.verdict, spoke, None)
    _own(store, case, one)


def _bytes(store: "cases.Store", one: cases.Exhibit) -> bytes | None:
    try:
        return store.image(one.sha256)
    except api.MtaaError as error:
        st.error(plain(str(error)), icon=":material/gpp_bad:")
        return None


def _verdict(one: cases.Exhibit) -> cases.Kept:
    """The newest verdict, or the one that is chosen of several, in the order they were given."""
    if len(one.verdicts) == 1:
        return one.verdicts[0]
    places = range(len(one.verdicts))

    def words(place: int) -> str:
        kept = one.verdicts[place]
        mark, said = kept.verdict.checkpoint, kept.verdict.inferred.sentence
        return f"{place + 1}. {casebook.when(kept.at)}, {mark.name} {mark.weights_sha256[:12]}: {said}"

    chosen = st.selectbox(
        "Verdict, oldest first",
        places,
        index=len(one.verdicts) - 1,
        format_func=words,
        key=f"case-verdict-{one.sha256}-{len(one.verdicts)}",
    )
    return one.verdicts[chosen]


def _card(kept: cases.Kept) -> api.Card | None:
    """The card of the checkpoint that spoke, if the same weights are still here."""
    mark = kept.verdict.checkpoint
    try:
        card = api.card(mark.name)
    except api.MtaaError:
        return None
    return card if card.weights_sha256 == mark.weights_sha256 else None


def _actions(
    store: "cases.Store", case: cases.Case, one: cases.Exhibit, data: bytes | None, card: api.Card | None
) -> None:
    with st.container(horizontal=True, gap="small"):
        spoken = {kept.verdict.checkpoint.weights_sha256 for kept in one.verdicts}
        if card is not None and data is not None and card.weights_sha256 not in spoken:
            help_ = "Adds a verdict by the checkpoint chosen in the sidebar; the earlier ones are kept."
            if st.button(
                f"Judge again by {plain(card.name)}",
                icon=":material/replay:",
                help=help_,
                disabled=not access.may("add"),
            ):
                _judge(store, case, one, data, card)
        with st.popover("Remove", icon=":material/delete:"):
            st.markdown(
                f"**Remove {plain(one.name)} from this case, with its verdicts and notes?** This can't be undone. Its "
                "bytes are erased from the disk unless another case holds them; the audit trail keeps its hash."
            )
            if st.button(
                "Remove for good",
                key=f"case-remove-{one.sha256}",
                type="primary",
                disabled=not access.may("remove_image"),
            ):
                casebook.act("Image removed", store.remove_image, case.number, one.sha256)
                st.query_params.pop("image", None)
                st.rerun()


def _judge(store: "cases.Store", case: cases.Case, one: cases.Exhibit, data: bytes, card: api.Card) -> None:
    with st.spinner("Analysing the image…"):
        (result,) = service.results([(one.name, data)], card, None, lambda _: None)
    if isinstance(result, api.Refusal):
        st.error(plain(f"{card.name} can't judge this image: {result.reason}."), icon=":material/block:")
        return
    casebook.act("Verdict added", store.add, case.number, [(data, result)])
    st.rerun()


def _own(store: "cases.Store", case: cases.Case, one: cases.Exhibit) -> None:
    """The analyst's verdicts and notes on the image, and a form for one more."""
    st.divider()
    said, form = st.columns(2, gap="large")
    with said:
        st.markdown("**The analyst's verdict**")
        for place, own in enumerate(one.assessments, 1):
            counts = "" if place < len(one.assessments) else " (counts)"
            casebook.written(own.words, f"{casebook.when(own.at)}, {plain(own.by)}", f"**{own.conclusion}**{counts}")
        if not one.assessments:
            st.caption("None yet.")
        for note in (note for note in case.notes if note.sha256 == one.sha256):
            casebook.written(note.text, f"Note, {case_notes.signed(note)}")
    with form, st.form(f"case-own-{one.sha256}", clear_on_submit=True, border=False):
        conclusion = st.radio("You conclude", cases.CONCLUSIONS, horizontal=True, index=None)
        reason = st.text_area("Why", max_chars=20_000)
        if st.form_submit_button("Record your verdict", icon=":material/gavel:", disabled=not access.may("assess")):
            if conclusion is None:
                st.warning("Choose what you conclude.")
            else:
                casebook.act("Verdict recorded", store.assess, case.number, one.sha256, conclusion, reason)
                st.rerun()
