"""The models that somebody brought for these images, and how one of them is taken away again."""

from functools import partial
from typing import Any

import streamlit as st

from app import acting, bringing, draft, frame, offers
from app.who import who
from app.words import plain
from mtaa import api
from mtaa.api import scenarios, victims


def show(place: list[Any]) -> None:
    """Render the list where there is one; `place`: source, folder, channels and side of the images."""
    try:
        images = scenarios.ImagesSpec(**dict(zip(bringing.PARTS, place, strict=True)))
        found = victims.own(images)
    except ValueError:  # the form says what is wrong with the images
        return
    except api.MtaaError as error:
        frame.problem(error)
        return
    if not found:
        return
    with st.expander(f"Your own models ({len(found)})", icon=":material/folder_open:", key="own-models"):
        for one in found:
            _one(one, images.source)


def _one(one: "victims.Own", source: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{plain(one.name)}** :small[:gray[{plain(api.title(one.architecture))}, {one.accuracy:.1%} right, "
            f"weights `{one.weights_sha256[:12]}`]]",
            width="content",
        )
        with st.popover("Remove", icon=":material/delete:", key=f"own-models-{one.name}", on_change="rerun"):
            if one.needed_by:
                st.markdown(f"It stays while something needs it: {plain(', '.join(one.needed_by))}.")
            else:
                st.markdown("Nothing needs it. Its file is lost for good; who removed it, and when, is kept.")
                acting.button(
                    "remove_victim",
                    "Remove it for good",
                    partial(_remove, one.name, source),
                    f"{one.name} was removed.",
                    key=f"own-models-{one.name}-do",
                )


def _remove(name: str, source: str) -> None:
    victims.remove(name, source, who())
    draft.drop_victim(name)
    offers.forget()
    bringing.forget()
