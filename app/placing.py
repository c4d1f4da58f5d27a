"""Images of the user on the map: the uploads, how far off each is, and the known examples nearest to it."""

from collections import Counter

import numpy as np
import streamlit as st

from app import choosing, known, service
from app.atlas import FAR, HEAD_WORDS, View
from app.pictures import png
from app.words import NOBODY, listed, plain, sentence
from mtaa import api

EDGE = 0.95  # share of known examples that are nearer to theirs, from which on an image is at the edge
IDENTICAL = 0.005  # what rounding leaves of a distance of nothing
SHOWN, TILE, PICTURE = 8, 96, 84


def uploads() -> list[service.File]:
    """The files dropped on the page Signatures."""
    dropped = st.file_uploader(
        "Images to place on the map",
        accept_multiple_files=True,
        max_upload_size=choosing.FILE_MB,
        key="to-place",
        help=f"Lossless files as they were found. Up to {choosing.LARGEST_COUNT} at once.",
    )
    attributed = choosing.kept()
    if attributed and not dropped and st.toggle(f"Place {plain(choosing.counted(attributed))} from the page Attribute"):
        return attributed
    return choosing.within_limits(dropped)


def place(files: list[service.File], card: api.Card) -> list[service.Place]:
    """Where the files belong; what can't be read is said."""
    if not files:
        return []
    with st.spinner("Placing the images…"):
        found = service.placed(files, card)
    refused = [one for one in found if isinstance(one, api.Refusal)]
    if refused:
        lines = [f"{one.name} was not placed. {sentence(one.reason)}" for one in refused[:3]]
        rest = len(refused) - len(lines)
        st.warning(listed([*lines, f"{rest} more were not placed."] if rest else lines))
    return found


def show(found: list[service.Place], atlas: api.Atlas, card: api.Card, view: View) -> None:
    """Render the chosen image with its neighbours."""
    placed = [one for one in found if isinstance(one, api.Placed)]
    if not placed:
        return
    chosen = 0
    if len(placed) > 1:
        chosen = st.selectbox(
            "Placed image",
            range(len(placed)),
            format_func=lambda number: f"{number + 1}. {placed[number].name}{_mark(placed[number], view)}",
            key="placed-shown",
        )
    if not view.is_placing:
        st.info(
            "This map is of other features than images are placed by, so it has no place for them; neighbours are "
            "searched in both signatures.",
            icon=":material/info:",
        )
    one = placed[min(chosen, len(placed) - 1)]
    around = one.neighbours[view.head]
    picture, words = st.columns([1, 5], gap="medium")
    with picture:
        st.image(png(one.pixels, 2 * PICTURE), width=PICTURE * 3 // 2, alt="The placed image")
    with words:
        st.text(one.name)
        _distance(around)
        st.markdown(agreement(around, atlas))
    st.markdown(f"**Nearest known examples** by {HEAD_WORDS[view.head]}")
    _nearest(around, atlas, card)
    st.caption(
        "Neighbours are searched in the network's own features, not on the map. A distance is the root mean square of "
        "the differences, in standard deviations of each feature."
    )


def _mark(one: api.Placed, view: View) -> str:
    return " (far off)" if one.neighbours[view.head].farther >= FAR else ""


def _distance(around: api.Neighbours) -> None:
    share = "all" if around.farther == 1 else f"{min(np.floor(1000 * around.farther) / 10, 99.9):g}%"
    compared = f"farther from its neighbours than **{share}** of the known examples are from theirs"
    mean = f"mean distance {around.distance:.2f}, nearest {around.distances[0]:.2f}"
    if around.farther >= FAR:
        st.warning(
            f"**Far off**: {compared} ({mean}). It is unlike what this checkpoint knows; its place on the map, "
            "drawn hollow, and its neighbours say little.",
            icon=":material/explore_off:",
        )
        return
    edge = " It lies at the edge of what is known." if around.farther >= EDGE else ""
    st.markdown(f"It is {compared} ({mean}).{edge}")
    if around.distances[0] < IDENTICAL:
        st.caption("It is all but identical to one of the known examples.")


def agreement(around: api.Neighbours, atlas: api.Atlas) -> str:
    """What most of its neighbours are."""
    count = len(around.places)
    attack, of_attack = Counter(atlas.attack[around.places].tolist()).most_common(1)[0]
    victim, of_victim = Counter(atlas.victim[around.places].tolist()).most_common(1)[0]
    title = plain(api.title(atlas.about.attacks[attack]))
    text = f"Of its {count} nearest known examples **{of_attack} are {title}**"
    name = atlas.about.victims[victim]
    if name == NOBODY:
        return f"{text}."
    return f"{text}, and **{of_victim} were made on {plain(api.title(name))}**."


def _nearest(around: api.Neighbours, atlas: api.Atlas, card: api.Card) -> None:
    pixels = api.known_pixels(card, around.places[:SHOWN])
    with st.container(horizontal=True, gap="small"):
        for at, distance, picture in zip(around.places, around.distances, pixels, strict=False):
            words = known.truth(atlas, card, int(at))
            with st.container(width=TILE, gap=None):
                st.image(png(picture, 2 * PICTURE), width=PICTURE, alt=f"Known example: {words}")
                unbroken = plain(words).replace(" \\= ", "\u00a0\\=\u00a0")
                st.caption(f"{unbroken}  \n:small[distance {distance:.2f}]")
