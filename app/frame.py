"""What stands around every page: the checkpoint in use, and the promise that nothing leaves the machine."""

import streamlit as st

from mtaa import api


def sidebar() -> api.Card | None:
    """Let the user choose a checkpoint and show what it is; None, with the reason on the page, where there is none."""
    names = api.checkpoint_names()
    if not names:
        st.error("No checkpoint is installed. Train one with: mtaa train --scenario mnist")
        return None
    with st.sidebar:
        first = names.index("mnist") if "mnist" in names else 0
        chosen = st.selectbox("Checkpoint", names, index=first, help="Which trained model judges the images.")
        try:
            card = api.card(chosen)
        except api.MtaaError as error:
            st.error(str(error))
            return None
        _describe(card)
        st.caption("Nothing leaves this machine: images are analysed here, and no page calls another host.")
    return card


def _describe(card: api.Card) -> None:
    geometry = card.images
    kind = "grey" if geometry.channels == 1 else "colour"
    st.caption(f"Judges {geometry.side} × {geometry.side} {kind} images. Weights {card.weights_sha256[:12]}.")
    overall = card.metrics["overall"]
    shown = {
        "Attack or clean": _share(overall["attack_accuracy"]),
        "Source model": _share(overall["victim_accuracy_adversarial"]),
        "RMSE of ε, FGSM": _grey(card.metrics["by_attack"].get("fgsm", {})),
        "RMSE of ε, PGD": _grey(card.metrics["by_attack"].get("pgd", {})),
    }
    st.caption("On held-out images (95 % interval), source model on adversarial ones:")
    st.dataframe(
        [{"figure": name, "value": value} for name, value in shown.items() if value],
        hide_index=True,
        column_config={"figure": st.column_config.TextColumn("figure"), "value": st.column_config.TextColumn("value")},
    )
    known = ", ".join(api.title(name) for name in card.attacks if name != "clean")
    models = ", ".join(api.title(name) for name in card.victims if name != "none")
    st.caption(f"Knows {known} on {models}. About anything else it can only guess.")


def _share(figure: dict[str, float]) -> str:
    return f"{figure['value']:.1%} ({figure['low']:.1%} to {figure['high']:.1%})"


def _grey(cells: dict[str, dict[str, float]]) -> str:
    figure = cells.get("intensity_rmse")
    return f"{figure['value']:.1f} /255" if figure else ""
