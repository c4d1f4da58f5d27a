"""Feature-map differences between an image and its clean original, by block of the network (Fig. 6)."""

import numpy as np
import streamlit as st

from app import curves, maps, perturbing, service
from mtaa import api

TITLES = {"stem": "stem", "attack_branch": "attack branch", "victim_branch": "source model branch"}
ALL_CHANNELS = -1


def show(pixels: np.ndarray, original: np.ndarray | None, card: api.Card) -> None:
    """Render the differences of one block, and the sizes of all."""
    against = perturbing.choose(pixels, original, card, "blocks")
    if against is None:
        return
    found = service.blocks(pixels, against.original, service.marks(card))
    by_name = {block.name: block for block in found}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        name = st.pills(
            "Block", list(by_name), default=found[0].name, format_func=title, required=True, key="blocks-block"
        )
        block = by_name[name]
        channel = st.selectbox(
            "Channel",
            [ALL_CHANNELS, *range(len(block.difference))],
            format_func=lambda number: "mean over all" if number == ALL_CHANNELS else f"{number + 1}",
            key=f"blocks-channel-{name}",
        )
    words = "an estimate of the clean image" if against.is_estimate else "the reference"
    picture, sizes = st.columns(2, gap="large")
    with picture:
        _one(block, channel, words)
    with sizes:
        figure = curves.by_block(
            [title(one.name) for one in found], [one.mse for one in found], [one.mae for one in found]
        )
        alt = "Mean square and mean absolute difference by block: " + "; ".join(
            f"{title(one.name)} {one.mse:.3g} and {one.mae:.3g}" for one in found
        )
        st.plotly_chart(figure, key="blocks-sizes", config=curves.CONFIG, alt=alt)
        st.caption(f"Against **{words}**. Units are those of each block's activations; blocks have no common scale.")
    _own(pixels, original, card)


def title(name: str) -> str:
    """A block's name in words."""
    return TITLES.get(name, name.replace("layer", "layer "))


def _one(block: api.BlockDifference, channel: int, words: str) -> None:
    channels, height, width = block.difference.shape
    if channel == ALL_CHANNELS:
        layer, what = _sizes(block.mean_size), f"mean |Δ| of {channels} channels"
    else:
        values = block.difference[channel]
        layer, what = maps.signed(values, _end(values), "activation"), f"Δ of channel {channel + 1} of {channels}"
    panel = maps.Panel(f"{title(block.name)}: {what}", (layer,))
    alt = f"{title(block.name)}, {what}, {width} × {height}, against {words}; largest {layer.values.max():.3g}"
    st.plotly_chart(maps.panels([panel]), key="blocks-map", config=maps.CONFIG, alt=alt)
    st.caption(f"{width} × {height} places. The scale ends at the largest value of this picture.")


def _own(pixels: np.ndarray, original: np.ndarray | None, card: api.Card) -> None:
    """The perturbation extractor's own estimate, beside the true difference where that is known."""
    st.markdown("**The network's own estimate** :small[:gray[perturbation extractor, feature level]]")
    found = service.extracted(pixels, original, service.marks(card))
    if found is None:
        st.caption("This checkpoint's network has no perturbation extractor; networks named mtaa-paper have one.")
        return
    shown = [("estimated", found.estimate)] + ([("true", found.true)] if found.true is not None else [])
    end = max(_end(one.mean_size) for _, one in shown)
    panels = [
        maps.Panel(f"{title(one.name)}: {kind}", (maps.size(one.mean_size, end, "mean |Δ| of channels"),))
        for kind, one in shown
    ]
    st.plotly_chart(
        maps.panels(panels),
        key="blocks-extracted",
        config=maps.CONFIG,
        alt="Mean absolute perturbation of the feature map, " + " and ".join(kind for kind, _ in shown),
    )


def _sizes(values: np.ndarray) -> maps.Layer:
    return maps.size(values, _end(values), "activation")


def _end(values: np.ndarray) -> float:
    """The largest size, so that a picture of nothing still has a scale."""
    return float(np.abs(values).max()) or 1.0
