"""How far a map can be believed: its figures beside those of the features it was made of, and what they mean."""

import streamlit as st

from app.atlas import METHOD_TITLES, View
from mtaa import api

LINES = [
    ("Attack named right by its neighbours", "attack_knn", "{:.1%}"),
    ("Source model named right by its neighbours", "victim_knn", "{:.1%}"),
    ("Silhouette by attack", "attack_silhouette", "{:+.2f}"),
    ("Silhouette by source model", "victim_silhouette", "{:+.2f}"),
    ("Trustworthiness", "trustworthiness", "{:.3f}"),
]


def show(atlas: api.Atlas, view: View) -> None:
    """Render the figures of the map that is shown."""
    with st.expander("How far can this map be believed?", icon=":material/rule:"):
        st.table(
            [
                {"": words, "in the network": written(view.whole, *line), "on this map": written(view.drawn, *line)}
                for words, *line in LINES
            ],
            border="horizontal",
            hide_index=True,
        )
        sampled = (
            f"figures measured on {view.sample:,} of them, drawn at random"
            if view.sample < len(atlas)
            else "figures measured on all of them"
        )
        st.caption(
            f"**Named right by neighbours**: the share of examples whose {view.neighbours} nearest others vote for "
            "their true label. **Silhouette**: from −1 to 1, how much nearer examples are to their own kind than to "
            "the next. **Trustworthiness**: 1 where all neighbours on the map are neighbours in the network too. "
            "Figures of the source model leave clean images out.  \n"
            "Where the map is worse than the network, believe the list of nearest examples, which is searched in the "
            "network. Distances between far groups, their sizes and directions mean nothing on either map.  \n"
            f"{METHOD_TITLES[view.method]}, {parameters(view.parameters)}; {len(atlas):,} examples of the test split, "
            f"{sampled}."
        )


def written(figures: api.Figures, name: str, form: str) -> str:
    """One figure, or a dash where it means nothing."""
    value = figures.get(name)
    return "–" if value is None else form.format(value)


def parameters(values: dict[str, float]) -> str:
    """`neighbours 15, min-dist 0.1, seed 0`."""
    return ", ".join(f"{name.replace('_', '-')} {value:g}" for name, value in values.items())
