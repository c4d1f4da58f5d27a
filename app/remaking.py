"""Maps with other parameters: asked for, watched while they are made in the background, kept and chosen."""

from typing import Any, get_args

import streamlit as st

from app import access, believing, frame
from app.atlas import FEATURE_WORDS, METHOD_TITLES
from app.words import listed, plain
from mtaa import api
from mtaa.api import maps

SHOWN, DONE, WATCHED = "map-shown", "map-done", "map-watched"
POLL_SECONDS = 1.0
LARGEST_PERPLEXITY, LARGEST_NEIGHBOURS = 500, 500
SLOW = 20_000  # examples beyond which a map takes minutes


def choose(card: api.Card) -> maps.Made | None:
    """Let the user choose among the checkpoint's own maps and those asked for; None is one of its own."""
    kept, faults = maps.kept(card)
    if faults:
        st.warning(listed(faults))
    if not kept:
        return None
    by_key = {of.key: of for of in kept}
    done = st.session_state.pop(DONE, None)
    if done in by_key:
        st.session_state[SHOWN] = done
    elif st.session_state.get(SHOWN) not in by_key:
        st.session_state.pop(SHOWN, None)
    chooser, remover = st.columns([5, 1], vertical_alignment="bottom")
    key = chooser.selectbox(
        "Shown",
        ["", *by_key],
        format_func=lambda one: title(by_key[one].request) if one else "Maps that come with the checkpoint",
        key=SHOWN,
    )
    if not key:
        return None
    remover.button(
        "Delete",
        icon=":material/delete:",
        on_click=access.do,
        args=("delete_map", maps.delete, key),
        width="stretch",
        disabled=not access.may("delete_map"),
    )
    return maps.read(key, card)


def title(request: maps.MapRequest) -> str:
    """`UMAP 2-D of block layer3, neighbours 30, min-dist 0.5, seed 1`."""
    values = {**request.layout.of(request.method), "seed": request.layout.seed}
    what = f"{METHOD_TITLES[request.method]} {request.dimensions}-D of {FEATURE_WORDS[request.features]}"
    return f"{what}, {believing.parameters(values)}"


def progress(card: api.Card) -> None:
    """Render how far maps under way are, whoever asked for them."""
    under_way = maps.running(card)
    st.session_state[WATCHED] = [one.key for one in under_way if one.state != "failed"]
    if under_way:
        _watch(card)


@st.fragment(run_every=POLL_SECONDS)
def _watch(card: api.Card) -> None:
    try:
        under_way = maps.running(card)
        for one in under_way:
            _state(one)
        living = {one.key for one in under_way}
        finished = [key for key in st.session_state[WATCHED] if key not in living]
        if finished:
            st.session_state[WATCHED] = []
            st.session_state[DONE] = finished[0]
            st.rerun()
    except api.MtaaError as error:
        frame.problem(error)


def _state(one: maps.UnderWay) -> None:
    bar, button = st.columns([5, 1], vertical_alignment="center")
    with bar:
        if one.state == "failed":
            st.error(f"{plain(title(one.request))} was not made. {plain(one.error)}", icon=":material/error:")
        else:
            share = one.done / one.total if one.total else 0.0
            steps = f", {one.done:,} of {one.total:,}" if one.total else ""
            st.progress(min(share, 1.0), f"{plain(title(one.request))}: {plain(one.task or 'starting')}{steps}")
    words = "Dismiss" if one.state == "failed" else "Cancel"
    button.button(
        words,
        key=f"end-{one.key}",
        on_click=access.do,
        args=("cancel_map", _end, one.key),
        width="stretch",
        disabled=not access.may("cancel_map"),
    )


def _end(key: str) -> None:
    st.session_state[WATCHED] = [one for one in st.session_state.get(WATCHED, []) if one != key]
    maps.cancel(key)


def ask(atlas: api.Atlas, card: api.Card) -> None:
    """Render the parameters of a new map, and the maps that are kept."""
    with st.expander("Make a map with other parameters", icon=":material/tune:"):
        request = _request(atlas)
        if st.button("Make this map", icon=":material/scatter_plot:", disabled=not access.may("start_map")):
            try:
                st.session_state[DONE] = access.do("start_map", maps.start, card, request)
                st.rerun()
            except api.MtaaError as error:
                frame.problem(error)
        minutes = "some minutes" if len(atlas) > SLOW else "seconds to a few minutes"
        st.caption(
            f"A map of {len(atlas):,} examples takes {minutes}, in a process of its own: you may leave this page. It "
            "is kept, and asked for again it is there at once."
        )
        _kept(card)


def _request(atlas: api.Atlas) -> maps.MapRequest:
    most = max(5, (len(atlas) - 1) // 3)
    first, second = st.columns(2), st.columns(3)
    with first[0]:
        method: Any = st.segmented_control(
            "Method", list(METHOD_TITLES), default="tsne", format_func=METHOD_TITLES.__getitem__, required=True
        )
    with first[1]:
        dimensions: Any = st.segmented_control(
            "Dimensions", [2, 3], default=2, format_func=lambda one: f"{one}-D", required=True
        )
    features: Any = second[0].selectbox(
        "Features",
        get_args(maps.Features),
        format_func=FEATURE_WORDS.__getitem__,
        key="ask-features",
        help="What a head of the network reads, or a block of it, averaged and maximised over its map.",
    )
    values: dict[str, float] = {"seed": second[2].number_input("Seed", 0, 2**31 - 1, 0, key="ask-seed")}
    with second[1]:
        if method == "tsne":
            values["perplexity"] = st.number_input(
                "Perplexity", 2, min(LARGEST_PERPLEXITY, most), min(30, most), help="How many neighbours a point minds."
            )
        else:
            values["neighbours"] = st.number_input(
                "Neighbours", 2, min(LARGEST_NEIGHBOURS, most), min(15, most), help="Fewer: more local. More: broader."
            )
            values["min_dist"] = st.number_input(
                "Min-dist", 0.0, 0.99, 0.1, 0.05, help="How closely points are packed: 0 is closest."
            )
    return maps.MapRequest(
        method=method, dimensions=dimensions, features=features, layout=maps.Layout.model_validate(values)
    )


def _kept(card: api.Card) -> None:
    kept, _ = maps.kept(card)
    if kept:
        st.table(
            [
                {
                    "kept": title(of.request),
                    "trustworthiness": believing.written(of.drawn, "trustworthiness", "{:.3f}"),
                    "attack by neighbours": believing.written(of.drawn, "attack_knn", "{:.1%}"),
                    "source model by neighbours": believing.written(of.drawn, "victim_knn", "{:.1%}"),
                    "took": f"{of.seconds:g} s",
                }
                for of in kept
            ],
            border="horizontal",
            hide_index=True,
        )
