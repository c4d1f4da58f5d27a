"""Two checkpoints side by side, and whether they may be compared at all."""

from typing import Any

import streamlit as st

from app import frame, grown
from app.words import plain
from mtaa import api

SHARE = "share"  # in the place of a unit
OVERALL = {
    "attack or clean": "attack_accuracy",
    "source model": "victim_accuracy_adversarial",
    "all three right": "joint_accuracy_adversarial",
    "false alarms": "false_alarm_rate",
    "attacks missed": "missed_rate",
    "interval holds the truth": "interval_coverage",
}


_Found = dict[str, Any] | None


def show(card: api.Card) -> None:
    """Let the user choose another checkpoint, and render both."""
    others = [name for name in api.checkpoint_names() if name != card.name]
    if not others:
        st.info("There is no other checkpoint yet. Train or import one to compare it.", icon=":material/balance:")
        return
    start = card.growth.start if card.growth else ""
    first = others.index(start) if start in others else 0
    chosen = st.selectbox("Compare with", others, index=first, key="compared")
    try:
        other = api.card(chosen)
    except api.MtaaError as error:
        frame.problem(error)
        return
    _fairness(card, other)
    st.table(rows(card, other), border="horizontal", hide_index=True)
    st.caption("In brackets 95% intervals. A difference within them may be chance.")
    for one, two in ((card, other), (other, card)):
        if _is_from(one, two):
            grown.show(one)


def rows(one: api.Card, two: api.Card) -> list[dict[str, str]]:
    """Figures of both that at least one has, and the difference of those that both have."""
    lines: list[tuple[str, _Found, _Found, str]] = [
        (words, _figure(one, "overall", key), _figure(two, "overall", key), SHARE) for words, key in OVERALL.items()
    ]
    for name in dict.fromkeys([*one.symbols, *two.symbols]):
        title = plain(api.title(name))
        parts = [("attack_accuracy", title, SHARE), ("victim_accuracy", f"{title}, source model", SHARE)]
        units = {card.units[name] for card in (one, two) if name in card.units}
        if len(units) == 1:
            parts.append(("intensity_rmse", f"{title}, RMSE of strength", api.SUFFIXES[units.pop()]))
        for key, words, unit in parts:
            lines.append((words, _figure(one, "by_attack", key, name), _figure(two, "by_attack", key, name), unit))
    costs = [
        ("million parameters", one.parameters / 1e6, two.parameters / 1e6),
        ("MFLOPs", one.flops / 1e6, two.flops / 1e6),
    ]
    first, second = plain(one.name), plain(two.name)
    return [
        {"": words, first: _written(a, unit), second: _written(b, unit), "difference": _difference(a, b, unit)}
        for words, a, b, unit in lines
        if a or b
    ] + [{"": words, first: f"{a:,.2f}", second: f"{b:,.2f}", "difference": f"{b - a:+,.2f}"} for words, a, b in costs]


def _fairness(one: api.Card, two: api.Card) -> None:
    started = [card for card, start in ((one, two), (two, one)) if _is_from(card, start)]
    if started:
        st.success(
            f"**{plain(started[0].name)}** started from the other: both are held against the same test images below.",
            icon=":material/check:",
        )
    elif one.test_sha256 == two.test_sha256:
        st.success("Both were measured on the same test images.", icon=":material/check:")
    elif one.scenario_sha256 == two.scenario_sha256:
        st.warning("Measured on different test images of the same scenario: part of a difference may be theirs.")
    else:
        st.warning(
            "Measured on different test images of different scenarios: the figures answer different questions and "
            "rank neither."
        )


def _is_from(card: api.Card, start: api.Card) -> bool:
    return card.growth is not None and card.growth.weights_sha256 == start.weights_sha256


def _figure(card: api.Card, part: str, key: str, name: str | None = None) -> _Found:
    cells: dict[str, Any] = card.metrics.get(part, {})
    found: _Found = (cells if name is None else cells.get(name, {})).get(key)
    return found


def _written(figure: _Found, unit: str) -> str:
    if figure is None:
        return "–"
    if unit == SHARE:
        return f"{figure['value']:.1%} :small[:gray[({figure['low']:.1%}–{figure['high']:.1%})]]"
    return f"{figure['value']:.2f}{unit} :small[:gray[({figure['low']:.2f}–{figure['high']:.2f})]]"


def _difference(one: _Found, two: _Found, unit: str) -> str:
    if one is None or two is None:
        return "–"
    difference = two["value"] - one["value"]
    return f"{100 * difference:+.1f} points" if unit == SHARE else f"{difference:+.2f}"
