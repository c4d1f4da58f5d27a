"""The form of a scenario: every setting with what is wrong with it beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from app import attack_fields, bringing, draft, offers, own_models
from app.words import plain, sentence
from mtaa import api
from mtaa.api import scenarios


@dataclass
class Form:
    """What the fields start with and hold, and the places where faults are said once they are known."""

    start: dict[str, Any]
    given: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)

    def number(self, name: str, label: str, **options: Any) -> None:
        """Render a number's field, and below it room for what is wrong with it."""
        self.given[name] = st.number_input(label, value=self.start[name], key=draft.key(name), **options)
        self.room(name)

    def text(self, name: str, label: str, **options: Any) -> None:
        """The same for a text."""
        self.given[name] = st.text_input(label, value=self.start[name], key=draft.key(name), **options)
        self.room(name)

    def counts(self, head: str, words: str) -> None:
        """The same for examples by split."""
        st.caption(words)
        for column, split in zip(st.columns(3, gap="small"), scenarios.SPLITS, strict=True):
            with column:
                self.number(f"{head}.{split}", split, step=1)
        self.room(head)

    def room(self, name: str) -> None:
        """Where the fault at a field, if any, will be said."""
        self.places[name] = st.empty()

    def tell(self, faults: Mapping[str, str]) -> None:
        """Say every fault at its field; one whose field is not shown is said at the nearest above."""
        for path, words in faults.items():
            near = path
            while near not in self.places and "." in near:
                near = near.rpartition(".")[0]
            if near in self.places:
                self.places[near].caption(f":red[:material/error: {plain(sentence(words))}]")


def show() -> Form:
    """Render the form."""
    form = Form(draft.start())
    with st.container(border=True):
        st.markdown("**Data set**")
        form.text("name", "Name of the scenario", max_chars=63, help="Small letters, digits and -.")
        _images(form)
    with st.container(border=True):
        st.markdown("**Source models** :small[:gray[victims: the networks that are attacked]]")
        _victims(form)
    with st.container(border=True):
        st.markdown("**Attacks**")
        attack_fields.show(form)
    with st.container(border=True):
        st.markdown("**Examples**")
        form.counts("examples", "Of each cell, which is one attack on one source model at one strength:")
        form.given["clean"] = st.toggle(
            "Clean images as a class of their own", value=form.start["clean"], key=draft.key("clean")
        )
        if form.given["clean"]:
            form.counts("clean", "Clean images in all:")
        else:
            form.given |= {name: value for name, value in form.start.items() if name.startswith("clean.")}
        form.number("seed", "Seed of the examples", step=1, help="The same seed makes the same examples.")
        form.text("description", "Description", max_chars=300)
        if kept := draft.aside():
            st.caption(f"Kept as they were: {plain(', '.join(kept))}. They are changed in the YAML alone.")
    return form


def _images(form: Form) -> None:
    known = offers.sources()
    source, channels, side = st.columns([2, 1, 1], gap="small")
    with source:
        names = list(known)
        chosen = st.selectbox(
            "Images",
            names,
            index=names.index(form.start["images.source"]),
            format_func=lambda name: known[name].title + (" (not here yet)" if known[name].why else ""),
            key=draft.key("images.source"),
        )
    form.given["images.source"] = chosen
    form.room("images.source")
    with channels:
        form.given["images.channels"] = st.selectbox(
            "Colour",
            [1, 3],
            index=[1, 3].index(form.start["images.channels"]),
            format_func=lambda number: "grey" if number == 1 else "colour",
            key=draft.key("images.channels"),
        )
    with side:
        form.number("images.side", "Side (pixels)", step=1)
    if chosen == "folder":
        form.text(
            "images.folder",
            "Folder on this machine",
            placeholder="/path/to/images",
            help="One sub-folder a class. A name without a path is looked for among the fetched data.",
        )
    else:
        form.given["images.folder"] = ""
        st.caption(plain(known[chosen].description))
    form.room("images")


def _victims(form: Form) -> None:
    place = [form.given[f"images.{part}"] for part in bringing.PARTS]
    known = offers.victims(*place)
    form.given["victims"] = st.multiselect(
        "Source models",
        list(dict.fromkeys([*known, *form.start["victims"]])),
        default=form.start["victims"],
        format_func=api.title,
        key=draft.key("victims"),
        label_visibility="collapsed",
        placeholder="Choose at least one",
    )
    form.room("victims")
    for name in form.given["victims"]:
        st.caption(_victim(known[name]) if name in known else plain(name))
    bringing.show([part or None for part in place])
    own_models.show([part or None for part in place])


def _victim(offer: "scenarios.VictimOffer") -> str:
    if offer.accuracy is None:
        return f":material/pending: **{plain(offer.title)}** is not trained on these images; the job does that first."
    how = "is your own" if offer.is_own else "is trained"
    words = f":material/check: **{plain(offer.title)}** {how}: {offer.accuracy:.1%} right"
    if offer.margin is None:
        return f"{words}; its reach is measured by the job."
    if offer.margin <= 0:
        return f"{words}; C&W fails on more than 5% of images."
    return f"{words}; C&W reaches a margin of {offer.margin:.1f} on 95% of images."
