"""The checkpoints there are: all of them with their main figures, and the one that is looked at, named by the URL."""

from typing import Any

import streamlit as st

from app import frame
from app.words import plain
from mtaa import api

TILE = 196  # two of them fit a narrow screen
KEY = "checkpoint"  # of the URL too: /models?checkpoint=NAME


def choose(active: str) -> api.Card | None:
    """Render the list and let the user choose one; None, with the reason on the page, where there is none."""
    names = api.checkpoint_names()
    if not names:
        st.error(
            "No checkpoint is installed; restore `checkpoints/`, import one or train one: "
            "`mtaa train --scenario mnist`.",
            icon=":material/error:",
        )
        return None
    _refuse_unknown(names)
    _list(names, active)
    first = names.index(active) if active in names else 0
    chosen = st.selectbox(
        "Shown below", names, index=first, key=KEY, bind="query-params", help="The page's address names it too."
    )
    try:
        return api.card(chosen)
    except api.MtaaError as error:
        frame.problem(error)
        return None


def current() -> str:
    """The active checkpoint; none where there is none, with the reason on the page where it is gone."""
    if not api.checkpoint_names():
        return ""
    try:
        return api.active_checkpoint()
    except api.MtaaError as error:
        frame.problem(error)
        return ""


def headline(card: api.Card, active: bool) -> None:
    """What the checkpoint is, and its main figures."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(card.name), anchor=False, width="content")
        if active:
            st.badge("active", icon=":material/check:", color="green")
        st.badge("bundled" if api.is_bundled(card.name) else "added", color="gray")
    st.caption(plain(card.description))
    overall = card.metrics.get("overall", {})
    shown = [
        ("Attack or clean", overall.get("attack_accuracy"), "Share of images whose attack, or cleanness, is named."),
        ("Source model", overall.get("victim_accuracy_adversarial"), "Share of adversarial images."),
        ("All three right", overall.get("joint_accuracy_adversarial"), "Strength within one step of the grid."),
        ("False alarms", overall.get("false_alarm_rate"), "Share of clean images taken for attacked."),
    ]
    known = [(words, figure, meaning) for words, figure, meaning in shown if figure]
    with st.container(horizontal=True):
        for words, figure, meaning in known:
            with st.container(width=TILE, gap=None):
                st.metric(words, f"{figure['value']:.1%}", help=meaning)
                st.caption(spread(figure))


def spread(figure: dict[str, Any]) -> str:
    """The interval of a share, and what a constant answer would get."""
    words = f"{figure['low']:.1%} to {figure['high']:.1%}"
    floor = figure.get("floor")
    return words if floor is None else f"{words}, floor {floor:.1%}"


def _refuse_unknown(names: list[str]) -> None:
    """A name in the address one came by that no checkpoint has is said, not passed over in silence."""
    asked = st.query_params.get(KEY)
    if asked is not None and asked not in names and KEY not in st.session_state:
        try:
            api.card(asked)
        except api.MtaaError as error:
            frame.problem(error)


def _list(names: list[str], active: str) -> None:
    rows = []
    for name in names:
        row = {"": "active" if name == active else "", "checkpoint": plain(name)}
        row["kind"] = "bundled" if api.is_bundled(name) else "added"
        try:
            rows.append(row | _figures(api.card(name)))
        except api.MtaaError as error:
            rows.append(row | {"data": plain(str(error))})
    st.table(rows, border="horizontal", hide_index=True)


def _figures(card: api.Card) -> dict[str, str]:
    overall = card.metrics.get("overall", {})
    shares = {
        "attack or clean": overall.get("attack_accuracy"),
        "source model": overall.get("victim_accuracy_adversarial"),
    }
    return {
        "data": f"{plain(card.images.source)}, {card.images.side} px",
        **{words: _share(figure) for words, figure in shares.items()},
        "floors": ", ".join(f"{f['floor']:.0%}" for f in shares.values() if f and f.get("floor") is not None) or "–",
        "parameters": f"{card.parameters / 1e6:.2f} M",
    }


def _share(figure: dict[str, Any] | None) -> str:
    return f"{figure['value']:.1%}" if figure else "–"
