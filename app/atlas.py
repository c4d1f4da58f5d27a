"""The map of a checkpoint's known examples: what is shown, the map itself, how far it can be believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import streamlit as st

from app import frame, known, scatter, service
from app.words import plain
from mtaa import api

Colour = Literal["attack", "victim", "intensity", "correctness"]
METHOD_TITLES: dict[str, str] = {"tsne": "t-SNE", "umap": "UMAP"}
HEAD_TITLES: dict[str, str] = {"attack": "attack", "victim": "source model", "both": "both"}
HEAD_WORDS: dict[str, str] = {
    "attack": "signature of the attack",
    "victim": "signature of the source model",
    "both": "both signatures",
}
COLOUR_TITLES: dict[str, str] = {
    "attack": "attack",
    "victim": "source model",
    "intensity": "strength",
    "correctness": "right or wrong",
}


@dataclass(frozen=True)
class View:
    """Which map is shown, and what its colours say."""

    method: api.Method
    dimensions: int
    head: api.Head
    colour: Colour

    @property
    def map(self) -> str:
        return api.map_name(self.method, self.dimensions, self.head)


def empty(card: api.Card) -> None:
    """What to do where no map was made."""
    st.info(
        f"Checkpoint **{plain(card.name)}** has no map of its signatures yet. It is made once, in a few minutes, and "
        "kept beside the checkpoint:",
        icon=":material/scatter_plot:",
    )
    _command(card)


def read(card: api.Card) -> api.Atlas | None:
    """The checkpoint's atlas; None, with what to do on the page, where there is none or a broken one."""
    if not card.signatures_sha256:
        empty(card)
        return None
    try:
        return service.atlas(card, card.signatures_sha256)
    except api.MtaaError as error:
        frame.problem(error)
        _command(card)
        return None


def _command(card: api.Card) -> None:
    # A command in running text would get invisible signs that keep it from being read as Markdown.
    st.code(f"mtaa map --checkpoint {card.name}", language=None)


def choose(atlas: api.Atlas) -> View:
    """Let the user choose method, dimensions, signature and colour."""
    with st.container(horizontal=True, gap="small"):
        return View(
            method=_one("Map", METHOD_TITLES, atlas.methods()),
            dimensions=_one("View", {2: "2-D", 3: "3-D"}, [2, 3]),
            head=_one(
                "Signature",
                HEAD_TITLES,
                get_args(api.Head),
                "What the network compares when it names the attack, the source model, or both at once.",
            ),
            colour=_one("Colour by", COLOUR_TITLES, get_args(Colour)),
        )


def show(atlas: api.Atlas, card: api.Card, view: View, found: list[service.Place]) -> np.ndarray:
    """Render the map with the placed images on it, and return the places of the selected examples."""
    points, texts = atlas.maps[view.map], known.hover(atlas, card)
    if view.colour == "intensity":
        shares, without = known.strength(atlas, card)
        figure = scatter.scale(points, shares, "share of the learnt strength", without, texts)
    else:
        figure = scatter.groups(points, known.kinds(atlas, view.colour), texts)
    placed = [one for one in found if isinstance(one, api.Placed)]
    spots = [api.position(one.neighbours[view.head], points) for one in placed]
    scatter.mark(figure, np.array(spots), [plain(one.name) for one in placed])
    words = (
        f"{METHOD_TITLES[view.method]} map of {len(atlas):,} known examples in {view.dimensions} dimensions by "
        f"{HEAD_WORDS[view.head]}, coloured by {COLOUR_TITLES[view.colour]}"
        + (f", with {len(placed)} image{'s' * (len(placed) > 1)} placed on it" if placed else "")
    )
    key = f"atlas-{card.signatures_sha256[:12]}-{view.map}-{view.colour}"
    if view.dimensions == 3:
        st.plotly_chart(figure, key=key, config=scatter.CONFIG, alt=words)
        st.caption("Drag to turn the map. To see what is inside a region, choose 2-D and draw a box or a lasso.")
        return np.array([], np.int64)
    st.caption("Draw a box or a lasso on the map for a table of what is inside.")
    event: Any = st.plotly_chart(
        figure, key=key, config=scatter.CONFIG, alt=words, on_select="rerun", selection_mode=("box", "lasso")
    )
    return selected(event["selection"]["points"])


def selected(points: list[dict[str, Any]]) -> np.ndarray:
    """The places of selected examples, ascending; marks of placed images have none."""
    places = (point.get("customdata") for point in points)
    flat = (place[0] if isinstance(place, list) else place for place in places if place is not None)
    return np.unique(np.array([int(place) for place in flat], np.int64))


def quality(atlas: api.Atlas, view: View) -> None:
    """Render how far this map can be believed, with the meaning of each figure."""
    about = atlas.about
    whole, drawn = about.quality[view.head], about.quality[view.map]
    lines = [
        ("Attack named right by its neighbours", "attack_knn", "{:.1%}"),
        ("Source model named right by its neighbours", "victim_knn", "{:.1%}"),
        ("Silhouette by attack", "attack_silhouette", "{:+.2f}"),
        ("Silhouette by source model", "victim_silhouette", "{:+.2f}"),
        ("Trustworthiness", "trustworthiness", "{:.3f}"),
    ]

    def written(figures: api.Figures, name: str, form: str) -> str:
        value = figures.get(name)
        return "–" if value is None else form.format(value)

    with st.expander("How far can this map be believed?", icon=":material/rule:"):
        st.table(
            [
                {"": words, "in the network": written(whole, name, form), "on this map": written(drawn, name, form)}
                for words, name, form in lines
            ],
            border="horizontal",
            hide_index=True,
        )
        parameters = ", ".join(
            f"{name.replace('_', '-')} {value:g}" for name, value in about.methods[view.method].items()
        )
        st.caption(
            f"**Named right by neighbours**: the share of examples whose {about.neighbours} nearest others vote for "
            "their true label. **Silhouette**: from −1 to 1, how much nearer examples are to their own kind than to "
            "the next. **Trustworthiness**: 1 where all neighbours on the map are neighbours in the network too. "
            "Figures of the source model leave clean images out.  \n"
            "Where the map is worse than the network, believe the list of nearest examples, which is searched in the "
            "network. Distances between far groups, their sizes and directions mean nothing on either map.  \n"
            f"{METHOD_TITLES[view.method]}, {parameters}, seed {about.seed}; {len(atlas):,} examples of the test split."
        )


def _one(label: str, titles: dict[Any, str], options: Sequence[Any], explained: str | None = None) -> Any:
    """One of `options`, at first the first."""
    key = f"atlas-{label.lower().replace(' ', '-')}"
    return st.segmented_control(
        label, options, default=options[0], format_func=titles.__getitem__, required=True, key=key, help=explained
    )
