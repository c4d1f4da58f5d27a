"""A checkpoint's card: what it was trained on, what it knows, its hashes, its licence."""

import streamlit as st

from app.words import NOBODY, plain
from mtaa import api


def show(card: api.Card) -> None:
    """Render it, hashes ready to copy."""
    kind = "grey" if card.images.channels == 1 else "colour"
    learnt = "; ".join(
        f"{api.title(name)} {symbol} {card.intensity_grids[name][0]:g} to {card.intensity_grids[name][1]:g}"
        f"{api.SUFFIXES[card.units[name]]}"
        for name, symbol in card.symbols.items()
    )
    clean = " Knows clean images too." if "clean" in card.attacks else " Has no clean class."
    facts = {
        "data": f"{card.images.source}, {card.images.side} × {card.images.side} {kind}",
        "training images": f"{card.training['examples']:,}" if "examples" in card.training else "not recorded",
        "attacks": f"{learnt}.{clean}",
        "source models": ", ".join(api.title(name) for name in card.victims if name != NOBODY),
        "network": ", ".join(f"{name} {value}" for name, value in card.network.items()),
        "size": f"{card.parameters:,} parameters, {card.flops / 1e6:,.0f} MFLOPs an image",
        "licence": card.licence,
        "made by": f"mtaa {card.code_version}, card schema {card.schema_version}",
    }
    st.table(
        [{"what": words, "value": plain(value)} for words, value in facts.items()],
        border="horizontal",
        hide_index=True,
        hide_header=True,
    )
    digests = {
        "weights": card.weights_sha256,
        "test images": card.test_sha256,
        "training data": card.data_sha256,
        "scenario": card.scenario_sha256,
        "map of signatures": card.signatures_sha256,
        "estimator of perturbations": card.estimator_sha256,
        **{f"source model {api.title(name)}": digest for name, digest in card.victims_sha256.items()},
    }
    st.markdown("**SHA-256**")
    lines = [f"{digest}  {words}" for words, digest in digests.items() if digest]
    st.code("\n".join(lines), language=None, wrap_lines=True)
