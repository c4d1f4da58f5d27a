"""What stands before every page where people log in, and in the sidebar who did."""

import importlib.util
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import access
from app.words import plain
from mtaa import api


def admit() -> None:
    """Go on with the page if the visitor may see it, else say what to do and end it.

    Each page begins with it; the entry file is not enough, since `streamlit run` can be led past it.
    """
    try:
        visitor = access.visitor()
        role = visitor.role
    except api.MtaaError as error:
        st.title("Access", anchor=False)
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()
    if role is None:
        _refuse(visitor)
        st.stop()
    if visitor.by != "local":
        _identity(visitor, role)


def _refuse(visitor: access.Visitor) -> None:
    if visitor.by == "nobody":
        st.title("Log in", anchor=False)
        _log_in()
        return
    st.title("No role", anchor=False)
    st.info(f"You are {plain(visitor.name)}, who has no role here. Ask your operator.", icon=":material/lock:")
    if visitor.by == "log-in":
        st.button("Log out", on_click=st.logout, icon=":material/logout:", key="log-out")


def _identity(visitor: access.Visitor, role: str) -> None:
    with st.sidebar:
        st.markdown(f":material/person: **{plain(visitor.name)}**, {role}")
        if visitor.by == "log-in":
            st.button("Log out", on_click=st.logout, icon=":material/logout:", key="log-out")


def _log_in() -> None:
    if "is_logged_in" not in st.user:
        st.error(
            "No log-in reached this page: come through the proxy, or ask your operator to start the app by `mtaa up`.",
            icon=":material/lock:",
        )
        return
    if not all(map(importlib.util.find_spec, ("authlib", "httpx"))):
        st.error("The log-in needs Authlib: `pip install 'mtaa[oidc]'`.", icon=":material/error:")
        return
    st.markdown("This workbench shows its pages to those who log in.")
    for provider in _providers(st.secrets["auth"]):
        words = "Log in" if provider is None else f"Log in with {plain(provider)}"
        st.button(words, on_click=st.login, args=(provider,), type="primary", icon=":material/login:")


def _providers(section: Mapping[str, Any]) -> list[str | None]:
    """The providers of secrets.toml: None is the one whose settings stand in `[auth]` itself."""
    named: list[str | None] = [
        name for name, value in section.items() if isinstance(value, Mapping) and "client_id" in value
    ]
    return [None, *named] if "client_id" in section else named
