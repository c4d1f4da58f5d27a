"""The fields of the attacks: strengths in each one's own unit, fixed parameters, its own numbers of examples."""

import math
from typing import TYPE_CHECKING

import streamlit as st

from app import draft, offers
from app.words import plain, sentence
from mtaa import api
from mtaa.api import scenarios

if TYPE_CHECKING:
    from app.building import Form

ENDS = {"start": "from", "stop": "to", "step": "step"}
NUDGES = {"L2": 0.1}  # what a press of + adds to a strength, where it is not 1


def show(form: "Form") -> None:
    """Render the choice of attacks and the fields of the chosen ones."""
    known = offers.attacks()
    chosen = st.multiselect(
        "Attacks",
        list(dict.fromkeys([*known, *form.start["attacks"]])),
        default=form.start["attacks"],
        format_func=api.title,
        key=draft.key("attacks"),
        label_visibility="collapsed",
        placeholder="Choose at least one",
    )
    form.given["attacks"] = chosen
    form.room("attacks")
    for name in chosen:
        with st.expander(f"**{plain(api.title(name))}** {_range(form, name, known)}", key=draft.key(f"attack-{name}")):
            _one(form, name, known.get(name))


def _range(form: "Form", name: str, known: "dict[str, scenarios.AttackOffer]") -> str:
    """Its grid in words, as the fields below hold it."""
    fields = (f"attacks.{name}.intensities.{end}" for end in ENDS)
    start, stop, step = (st.session_state.get(draft.key(field), form.start[field]) for field in fields)
    symbol, unit = (known[name].symbol, api.UNITS[known[name].unit].suffix) if name in known else ("", "")
    return f":small[:gray[{plain(f'{symbol} {start:g} to {stop:g}{unit} by {step:g}')}]]"


def _one(form: "Form", name: str, offer: "scenarios.AttackOffer | None") -> None:
    head = f"attacks.{name}"
    form.room(head)
    if offer is not None:
        unit = api.UNITS[offer.unit]
        st.caption(
            f"{plain(sentence(offer.description))} {offer.symbol} is {plain(unit.meaning)}; at most {offer.limit:g}."
        )
    symbol = offer.symbol if offer else "strength"
    written = f"{symbol} ({offer.unit})" if offer else symbol
    for column, (end, words) in zip(st.columns(3, gap="small"), ENDS.items(), strict=True):
        with column:
            nudge = NUDGES.get(offer.unit, 1.0) if offer else 1.0
            form.number(f"{head}.intensities.{end}", f"{written} {words}", format="%g", step=nudge)
    form.room(f"{head}.intensities")
    if offer is None:
        st.caption("An attack of another toolbox: its parameters stay as they were given.")
    elif offer.parameters:
        _parameters(form, head, offer)
    own = st.toggle("Its own number of examples", value=form.start[f"{head}.own"], key=draft.key(f"{head}.own"))
    form.given[f"{head}.own"] = own
    if own:
        form.counts(f"{head}.examples", "Of each of its cells, instead of the numbers below:")


def _parameters(form: "Form", head: str, offer: "scenarios.AttackOffer") -> None:
    columns = st.columns(max(2, len(offer.parameters)), gap="small")
    for column, one in zip(columns, offer.parameters, strict=False):
        field = f"{head}.parameters.{one.name}"
        label = one.name.replace("_", " ")
        told = ", ".join(part for part in (one.bounds, f"default {one.default}") if part)
        with column:
            if one.kind == "switch":
                form.given[field] = st.toggle(label, value=form.start[field], key=draft.key(field), help=told)
                form.room(field)
            elif one.kind == "whole":
                form.number(field, label, step=1, help=told)
            elif one.kind == "number":
                nudge = 10.0 ** math.floor(math.log10(one.default)) if one.default > 0 else 1.0
                form.number(field, label, format="%g", step=nudge, help=told)
            else:
                form.text(field, label, help=told)
    form.room(f"{head}.parameters")
    st.caption(plain(offer.notes))
