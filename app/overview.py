"""What the workbench is and how it stands: the checkpoint that judges, and where to go."""

import streamlit as st

from app import frame, shelf
from app.words import plain
from mtaa import api

LINKS = (
    ("pages/attribute.py", "Attribute", ":material/search:", "Images in, verdicts out, one or hundreds."),
    ("pages/signatures.py", "Signatures", ":material/scatter_plot:", "Where an image lies among the known ones."),
    ("pages/cases.py", "Cases", ":material/folder:", "Evidence that is kept, found again and reported."),
    ("pages/retrain.py", "Retrain", ":material/exercise:", "A new scenario, trained in the background."),
    ("pages/models.py", "Models", ":material/model_training:", "How good each checkpoint is, and which judges."),
)


def active() -> api.Card | None:
    """The card of the active checkpoint; None, with the reason on the page, where there is none."""
    try:
        return api.card(api.active_checkpoint())
    except api.MtaaError as error:
        frame.problem(error)
        return None


def checkpoint(card: api.Card) -> None:
    """Render the active checkpoint's headline figures."""
    with st.container(border=True):
        shelf.headline(card, active=True)
        st.page_link(
            "pages/models.py",
            label="All its figures",
            icon=":material/model_training:",
            query_params={shelf.KEY: card.name},
        )


def links() -> None:
    """Every page, with what it is for."""
    for column, (page, title, icon, words) in zip(st.columns(len(LINKS)), LINKS, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.page_link(page, label=f"**{title}**", icon=icon)
            st.caption(plain(words))
