"""What stands around every page: the checkpoint in use, and the promise that nothing leaves the machine."""

from typing import Any

import streamlit as st

from app.words import plain
from mtaa import api

DEFAULT = "mnist"


def sidebar() -> api.Card | None:
    """Let the user choose a checkpoint and show what it is; None, with the reason on the page, where there is none."""
    names = api.checkpoint_names()
    if not names:
        st.error("No checkpoint is installed; restore `checkpoints/` or train one: `mtaa train --scenario mnist`.")
        return None
    with st.sidebar:
        first = names.index(DEFAULT) if DEFAULT in names else 0
        chosen = st.selectbox("Checkpoint", names, index=first, help="The trained model that judges the images.")
        try:
            card = api.card(chosen)
        except api.MtaaError as error:
            st.error(plain(str(error)))
            return None
        _identity(card)
        _figures(card)
        st.space("small")
        st.markdown(":material/lock: **Nothing leaves this machine.**")
        st.caption("Images are analysed here and kept nowhere; no page calls another host.")
    return card


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
    """The headline figures; one that a card does not have is left out."""
    overall, by_attack = card.metrics.get("overall", {}), card.metrics.get("by_attack", {})
    rows = [
        ("attack or clean right", overall.get("attack_accuracy"), "{:.1%}"),
        ("source model right", overall.get("victim_accuracy_adversarial"), "{:.1%}"),
        ("false alarms on clean", overall.get("false_alarm_rate"), "{:.1%}"),
    ]
    for name, symbol in card.symbols.items():
        unit = "/255" if symbol == "ε" else " logits"
        figure = by_attack.get(name, {}).get("intensity_rmse")
        rows.append((f"{symbol} error, {plain(api.title(name))}", figure, "{:.1f}" + unit))
    known = [(words, _written(figure, form)) for words, figure, form in rows if figure]
    if known:
        st.caption(
            "On held-out images",
            help="Right answers as a share, source models on adversarial images only; errors as root mean square. "
            "In brackets 95% intervals.",
        )
        st.table([{"": words, " ": value} for words, value in known], border="horizontal", hide_index=True, hide_header=True)


def _written(figure: dict[str, Any], form: str) -> str:
    def number(value: float) -> str:
        return form.split("}")[0].format(value) if False else form.format(value)

    return number(figure["value"])
