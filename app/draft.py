"""The scenario in the making: what the form started from, and what it held when it was last seen."""

import secrets
from typing import Any

import streamlit as st

from app import fields, offers
from mtaa.api import scenarios

FIRST = "mnist"
_BASE, _KEPT, _VERSION, _ORIGIN, _TOKEN, _TRAINING = (
    f"draft-{name}" for name in ("base", "kept", "version", "origin", "token", "training")
)


def ready() -> None:
    """Have something to start from; a visit that comes back to the page finds the form as it left it."""
    state = st.session_state
    if _BASE not in state:
        load(scenarios.load(FIRST), f"preset {FIRST}")
    elif key("name") not in state and _KEPT in state:
        state[_BASE], state[_VERSION] = state[_KEPT], state[_VERSION] + 1


def load(scenario: "scenarios.Scenario", origin: str) -> None:
    """Fill the form with a scenario; `origin` says in words whose it is."""
    state = st.session_state
    state[_BASE], state[_ORIGIN] = fields.document(scenario), origin
    state[_VERSION], state[_TOKEN] = state.get(_VERSION, 0) + 1, secrets.token_hex(8)
    state.pop(_KEPT, None)
    state.pop(_TRAINING, None)


def add_victim(name: str) -> None:
    """Fill the form with what it holds and one source model more."""
    state = st.session_state
    base = state.pop(_KEPT, state[_BASE])
    state[_BASE], state[_VERSION] = base | {"victims": [*base["victims"], name]}, state[_VERSION] + 1


def drop_victim(name: str) -> None:
    """Fill the form with what it holds and without a source model that is no longer there."""
    state = st.session_state
    base = state.pop(_KEPT, state[_BASE])
    left = [one for one in base["victims"] if one != name]
    state[_BASE], state[_VERSION] = base | {"victims": left}, state[_VERSION] + 1


def origin() -> str:
    """What the form was last filled with."""
    found: str = st.session_state[_ORIGIN]
    return found


def token() -> str:
    """Names this filling of the form; a job started from it twice is one job."""
    found: str = st.session_state[_TOKEN]
    return found


def key(field: str) -> str:
    """The key of a field's widget, a new one for each filling."""
    return f"draft-{st.session_state[_VERSION]}-{field}"


def start() -> dict[str, Any]:
    """What each field starts with."""
    return fields.values(st.session_state[_BASE], offers.attacks())


def keep(given: dict[str, Any]) -> dict[str, Any]:
    """The document that the fields make, remembered for the next visit to the page."""
    made = fields.assembled(given, st.session_state[_BASE], offers.attacks())
    if made["attacks"] and made["victims"]:
        st.session_state[_KEPT] = made
    return made


def training() -> dict[str, Any]:
    """What the fields of the training were left with; empty where they are new."""
    found: dict[str, Any] = st.session_state.get(_TRAINING, {})
    return found


def keep_training(given: dict[str, Any]) -> None:
    """Remember the fields of the training for the next visit to the page."""
    st.session_state[_TRAINING] = given


def aside() -> list[str]:
    """Settings of the scenario that the form keeps as they are."""
    base = st.session_state[_BASE]
    said = [f"control {one['name']}" for one in base.get("controls", [])]
    lower = {split: kind for split, kind in base.get("precision", {}).items() if kind != "float32"}
    return said + [f"{kind} gradients for {split}" for split, kind in lower.items()]
