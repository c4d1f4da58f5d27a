"""The map of a checkpoint's known examples: which one is shown, and the map itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import streamlit as st

from app import enclosing, frame, known, scatter, selecting, service
from app.words import plain
from mtaa import api
from mtaa.api import maps

Colour = Literal["attack", "victim", "intensity", "correctness"]
FAR = 0.99  # share of known examples that are nearer to theirs, from which on an image is far off
CHART = "atlas-chart"  # the container that the map is drawn in
METHOD_TITLES: dict[str, str] = {"tsne": "t-SNE", "umap": "UMAP"}
HEAD_TITLES: dict[str, str] = {"attack": "attack", "victim": "source model", "both": "both"}
HEAD_WORDS: dict[str, str] = {
    "attack": "signature of the attack",
    "victim": "signature of the source model",
    "both": "both signatures",
}
FEATURE_WORDS: dict[str, str] = {
    **HEAD_WORDS,
    "intensity": "signature of the strength",
    "stem": "block stem",
    "layer1": "block layer1",
    "layer2": "block layer2",
    "layer3": "block layer3",
    "attack_branch": "last block of the attack's branch",
    "victim_branch": "last block of the source model's branch",
}
COLOUR_TITLES: dict[str, str] = {
    "attack": "attack",
    "victim": "source model",
    "intensity": "strength",
    "correctness": "right or wrong",
}


@dataclass(frozen=True)
class View:
    """Which map is shown, how it was made, and what its colours say.

    points: (n, 2) or (n, 3). head: in which features neighbours are searched; `is_placing` says whether these are
    those of the map, so that a new image has a place on it. whole, drawn: figures of the features and of the map, on
    `sample` examples and by `neighbours` nearest others.
    """

    name: str
    method: api.Method
    features: str
    head: api.Head
    is_placing: bool
    points: np.ndarray
    colour: Colour
    parameters: dict[str, float]
    whole: api.Figures
    drawn: api.Figures
    sample: int
    neighbours: int


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


def choose(atlas: api.Atlas, made: maps.Made | None) -> View:
    """Let the user choose method, dimensions, signature and colour; of a map that was asked for, the colour alone."""
    with st.container(horizontal=True, gap="small"):
        if made is not None:
            return _asked(made, _colour())
        method: api.Method = _one("Map", METHOD_TITLES, atlas.methods())
        dimensions = _one("View", {2: "2-D", 3: "3-D"}, [2, 3])
        head: api.Head = _one(
            "Signature",
            HEAD_TITLES,
            get_args(api.Head),
            "What the network compares when it names the attack, the source model, or both at once.",
        )
        about, name = atlas.about, api.map_name(method, dimensions, head)
        return View(
            name=name,
            method=method,
            features=head,
            head=head,
            is_placing=True,
            points=atlas.maps[name],
            colour=_colour(),
            parameters={**about.methods[method], "seed": about.seed},
            whole=about.quality[head],
            drawn=about.quality[name],
            sample=about.sample,
            neighbours=about.neighbours,
        )


def _asked(made: maps.Made, colour: Colour) -> View:
    of, request = made.of, made.of.request
    heads = {head: head for head in get_args(api.Head)}
    return View(
        name=of.key,
        method=request.method,
        features=request.features,
        head=heads.get(request.features, "both"),
        is_placing=request.features in heads,
        points=made.points,
        colour=colour,
        parameters={**request.layout.of(request.method), "seed": request.layout.seed},
        whole=of.whole,
        drawn=of.drawn,
        sample=of.sample,
        neighbours=of.neighbours,
    )


def draw(atlas: api.Atlas, card: api.Card, view: View, found: list[service.Place]) -> np.ndarray:
    """Render the map with the placed images on it, and return the places of the selected examples, ascending."""
    figure = _figure(atlas, card, view, card.signatures_sha256, view.name, view.colour)
    placed = [one for one in found if isinstance(one, api.Placed)] if view.is_placing else []
    spots = [api.position(one.neighbours[view.head], view.points) for one in placed]
    far = [one.neighbours[view.head].farther >= FAR for one in placed]
    figure = scatter.mark(figure, np.array(spots), [plain(one.name) for one in placed], far)
    dimensions = view.points.shape[1]
    words = (
        f"{METHOD_TITLES[view.method]} map of {len(atlas):,} known examples in {dimensions} dimensions by "
        f"{FEATURE_WORDS[view.features]}, coloured by {COLOUR_TITLES[view.colour]}"
        + (f", with {len(placed)} image{'s' * (len(placed) > 1)} placed on it" if placed else "")
    )
    key = f"atlas-{card.signatures_sha256[:12]}-{view.name}-{view.colour}"
    config = scatter.config(len(atlas))
    with st.container(key=CHART):
        if dimensions == 3:
            st.plotly_chart(figure, key=key, config=config, alt=words)
            st.caption("Drag to turn the map. To see what is inside a region, choose 2-D and draw a box or a lasso.")
            return np.array([], np.int64)
        event: Any = st.plotly_chart(
            figure, key=key, config=config, alt=words, on_select="rerun", selection_mode=("box", "lasso")
        )
        is_many, mark = len(atlas) > scatter.MANY, f"outline-{card.signatures_sha256[:12]}-{view.name}"
        drawn = selecting.show(CHART, mark) if is_many else event["selection"]
        st.caption("Click an example to see it; draw a box or a lasso for a table of what is inside.")
    return enclosing.enclosed(view.points, drawn["box"], drawn["lasso"])


@st.cache_resource(max_entries=8, show_spinner=False)
def _figure(_atlas: api.Atlas, _card: api.Card, _view: View, signatures_sha256: str, name: str, colour: Colour) -> Any:
    """The known examples on a map, shared by all visits and never changed."""
    texts = labels(_atlas, _card)
    if colour == "intensity":
        shares, without = known.strength(_atlas, _card)
        return scatter.scale(_view.points, shares, "share of the learnt strength", without, texts)
    return scatter.groups(_view.points, known.kinds(_atlas, colour), texts)


def labels(atlas: api.Atlas, card: api.Card) -> list[str]:
    """What is shown on hover; nothing where the examples are too many to have a text each."""
    return _texts(atlas, card, card.signatures_sha256) if len(atlas) <= scatter.MANY else []


@st.cache_resource(max_entries=2, show_spinner=False)
def _texts(_atlas: api.Atlas, _card: api.Card, signatures_sha256: str) -> list[str]:
    """Shared by all visits and never changed."""
    return known.hover(_atlas, _card)


def _colour() -> Any:
    return _one("Colour by", COLOUR_TITLES, get_args(Colour))


def _one(label: str, titles: dict[Any, str], options: Sequence[Any], explained: str | None = None) -> Any:
    """One of `options`, at first the first."""
    key = f"atlas-{label.lower().replace(' ', '-')}"
    return st.segmented_control(
        label, options, default=options[0], format_func=titles.__getitem__, required=True, key=key, help=explained
    )
