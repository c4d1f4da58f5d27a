"""What can be done with a checkpoint: make it active, roll back, export, import, delete; each takes two steps."""

from functools import partial
from typing import Any

import streamlit as st

from app import access, acting
from app.shelf import KEY
from app.who import who
from app.words import plain
from mtaa import api

LARGEST_MB = 50  # of an import on the page; the server takes no more, the command line does
_FILE, _NAME = "import-file", "import-name"


def actions(card: api.Card, active: str) -> None:
    """Buttons for the checkpoint that is shown."""
    may_export = access.may("export_checkpoint")
    with st.container(horizontal=True):
        if card.name != active:
            with _asking("Make active", ":material/check_circle:", card):
                st.markdown(
                    f"**{plain(card.name)}** will judge wherever no checkpoint is named: on every page and for "
                    f"`mtaa attribute`. Now it is **{plain(active) or 'none'}**."
                )
                _button(
                    "activate", "Make it active", partial(api.activate, card.name, who()), f"{card.name} is active now."
                )
        before = api.earlier_checkpoint() if card.name == active else None
        if before is not None:
            with _asking("Roll back", ":material/undo:", card):
                st.markdown(f"**{plain(before)}** was active before, and will be again.")
                _button("roll_back", "Roll back to it", partial(api.roll_back, who()), f"{before} is active again.")
        st.download_button(
            "Export",
            access.later("export_checkpoint", api.export_checkpoint, card.name) if may_export else "",
            f"{card.name}.zip",
            "application/zip",
            on_click="ignore",
            icon=":material/download:",
            disabled=not may_export,
            help="One zip: card, scenario, weights, test images and map, each checked against the card's hash.",
        )
        if card.name != active and not api.is_bundled(card.name):
            with _asking("Delete", ":material/delete:", card):
                st.markdown(f"The weights of **{plain(card.name)}** are lost for good unless they were exported.")
                _button(
                    "delete_checkpoint", "Delete it for good", partial(_delete, card.name), f"{card.name} was deleted."
                )


def importing() -> None:
    """Take in a checkpoint that somebody exported."""
    with st.expander("Import a checkpoint", icon=":material/upload:"):
        given = st.file_uploader(
            "Exported checkpoint",
            type="zip",
            max_upload_size=LARGEST_MB,
            key=f"{_FILE}-{st.session_state.get(_FILE, 0)}",
            help=f"A zip of at most {LARGEST_MB} MB; for larger ones: mtaa checkpoint import FILE.",
        )
        name = st.text_input("Name here", key=_NAME, placeholder="as its card says", help="Letters, digits, - and _.")
        st.caption(
            "Every file is checked against the hashes of the card and whether all of it fits together; nothing of it "
            "is ever run. The hashes show that it arrived whole, not who made it."
        )
        if given is not None:
            st.button(
                "Check and import",
                type="primary",
                on_click=_taken,
                args=(given.getvalue(), name.strip() or None),
                key="import-now",
                disabled=not access.may("import_checkpoint"),
            )


def history() -> None:
    """Which checkpoint was made active, by whom and when; newest first."""
    changes = api.changes()
    if not changes:
        return
    with st.expander("Which was active when", icon=":material/history:"):
        st.table(
            [
                {
                    "when (UTC)": change.at.replace("T", " ").removesuffix("+00:00"),
                    "who": plain(change.who),
                    "what": f"{plain(change.name)} {change.how}",
                    "instead of": plain(change.before),
                    "weights": f"`{change.weights_sha256[:12]}`",
                }
                for change in reversed(changes)
            ],
            border="horizontal",
            hide_index=True,
        )


def _asking(label: str, icon: str, card: api.Card) -> Any:
    """What opens before a step is taken; with a name of its own, or the next one in its place would stand open."""
    return st.popover(label, icon=icon, key=f"{label}-{card.name}", on_change="rerun")


_button = partial(acting.button, type="primary")


def _delete(name: str) -> None:
    api.delete_checkpoint(name)
    st.session_state[KEY] = api.active_checkpoint()


def _taken(data: bytes, name: str | None) -> None:
    try:
        card = access.do("import_checkpoint", api.import_checkpoint, data, name)
    except api.MtaaError as error:
        acting.tell("refused", f"Not imported: {error}")
        return
    acting.tell("done", f"{card.name} was imported; its weights are {card.weights_sha256[:12]}.")
    st.session_state[KEY] = card.name
    st.session_state[_FILE] = st.session_state.get(_FILE, 0) + 1  # an uploader keeps its file until it gets a new key
    st.session_state[_NAME] = ""
