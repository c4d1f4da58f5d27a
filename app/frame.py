"""What stands around every page: who may enter, the checkpoint in use, the promise that nothing leaves the machine."""

from typing import Any

import streamlit as st

from app import entrance
from app.words import plain
from mtaa import api

# What no option of Streamlit reaches. An image's corners are evidence too. A table's own CSV holds names as they came,
# formulas and all; `export.as_csv` does not. A table in running text is as wide as its words: it scrolls by itself.
# Small print, a button's key, and the charts' grey are paler in Streamlit than 4.5:1; in the dark theme so is the
# accent where it is text, which can't be lighter, since white stands on it elsewhere.
STYLE = """
[data-testid="stImage"] img { border-radius: 0 }
[data-testid="stMarkdownContainer"]:has(> table) { overflow-x: auto }
[data-testid="stElementToolbarButton"]:has(button[aria-label^="Download as CSV"]),
button[aria-label^="Download as CSV"] { display: none }
[data-testid="stCaptionContainer"], [data-testid^="stBaseButton"] kbd { opacity: 0.8 }
.js-plotly-plot text[style*="rgb(128, 132, 149)"] { fill: #5c6672 !important }
[role="tab"]:is([aria-selected="true"], :hover, [data-focus-visible]) p, button[data-variant][data-selected="true"] p,
[data-testid="stSliderThumbValue"] p { color: light-dark(#1f5f8b, #7dbce0) }
"""


def sidebar() -> api.Card | None:
    """Let who may enter choose a checkpoint, and show what it is; None, and the page says why, where there is none."""
    entrance.admit()
    names = api.checkpoint_names()
    if not names:
        st.error(
            "No checkpoint is installed; restore `checkpoints/` or train one: `mtaa train --scenario mnist`.",
            icon=":material/error:",
        )
        return None
    try:
        first = names.index(api.active_checkpoint())
    except api.MtaaError as error:
        problem(error)
        first = 0
    with st.sidebar:
        chosen = st.selectbox("Checkpoint", names, index=first, help="The trained model that judges the images.")
    try:
        card = api.card(chosen)
    except api.MtaaError as error:
        # On the page, not in the sidebar: a narrow screen keeps that closed.
        problem(error)
        return None
    with st.sidebar:
        _identity(card)
        _figures(card)
        st.space("small")
    _promise()
    return card


def promise() -> None:
    """The same for pages where no checkpoint is chosen: only the promise that nothing leaves the machine."""
    entrance.admit()
    _promise()


def _promise() -> None:
    with st.sidebar:
        st.markdown(":material/lock: **Nothing leaves this machine.**")
        st.caption("Images are kept only where you add them to a case; no page calls another host.")


def problem(error: api.MtaaError) -> None:
    """What went wrong, in one sentence."""
    st.error(plain(str(error)), icon=":material/error:")


def _identity(card: api.Card) -> None:
    kind = "grey" if card.images.channels == 1 else "colour"
    attacks = ", ".join(api.title(name) for name in card.attacks if name != "clean")
    models = ", ".join(api.title(name) for name in card.victims if name != "none")
    clean = " and clean images" if "clean" in card.attacks else ""
    st.caption(f"Weights `{card.weights_sha256[:12]}`", help=f"SHA-256 of the weights: `{card.weights_sha256}`")
    st.caption(
        f"Judges **{card.images.side} × {card.images.side} {kind}** images. Knows {plain(attacks)}{clean}, with the "
        f"source models {plain(models)}. About anything else it can only guess."
    )


def _figures(card: api.Card) -> None:
    """The headline figures with their intervals; one that a card does not have is left out."""
    overall, by_attack = card.metrics.get("overall", {}), card.metrics.get("by_attack", {})
    rows: list[tuple[str, dict[str, Any] | None, float, int, str]] = [
        ("attack or clean", overall.get("attack_accuracy"), 100, 1, "%"),
        ("source model", overall.get("victim_accuracy_adversarial"), 100, 1, "%"),
        ("false alarms", overall.get("false_alarm_rate"), 100, 1, "%"),
    ]
    for name, symbol in card.symbols.items():
        figure = by_attack.get(name, {}).get("intensity_rmse")
        unit = api.UNITS[card.units[name]]
        rows.append((f"{symbol}, {plain(api.title(name))}", figure, 1, unit.digits, unit.suffix))
    known = [(row[0], _written(row[1], *row[2:])) for row in rows if row[1]]
    if known:
        st.caption(
            "**Figures on held-out images**",
            help="Attack or clean, and source model of adversarial images: share of right answers. False alarms: "
            "share of clean images taken for attacked. Strengths: root mean square error. In brackets 95% intervals.",
        )
        st.table(
            [{"what": words, "value": value} for words, value in known],
            border="horizontal",
            hide_index=True,
            hide_header=True,
        )


def _written(figure: dict[str, Any], scale: float, digits: int, suffix: str) -> str:
    value, low, high = (f"{figure[name] * scale:.{digits}f}" for name in ("value", "low", "high"))
    return f"{value}{suffix} :small[:gray[({low}–{high})]]"
