"""What the registries offer for a scenario, and what the core says of one, cached."""

import json
from typing import Any

import streamlit as st

from mtaa import api
from mtaa.api import growing, scenarios
from mtaa.api import victims as api_victims

FRESH_SECONDS = 30.0  # a data set may be fetched, a victim trained meanwhile


@st.cache_resource(show_spinner="Loading the attacks; the first time this takes some seconds…")
def attacks() -> dict[str, "scenarios.AttackOffer"]:
    """The registered attacks by name."""
    return {offer.name: offer for offer in scenarios.attack_offers()}


@st.cache_data(ttl=FRESH_SECONDS, show_spinner="Looking which data sets are here…")
def sources() -> dict[str, "scenarios.Offer"]:
    """The registered data sets by name."""
    return {offer.name: offer for offer in scenarios.source_offers()}


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def victims(source: str, folder: str, channels: int, side: int) -> dict[str, "scenarios.VictimOffer"]:
    """The registered architectures by name, and which are trained on these images."""
    # Whether the images themselves can be is said at their fields.
    spec = scenarios.ImagesSpec.model_construct(source=source, folder=folder or None, channels=channels, side=side)
    return {offer.name: offer for offer in scenarios.victim_offers(spec)}


@st.cache_resource(show_spinner=False)
def architectures() -> list[str]:
    """What the weights of a model that is brought may be of."""
    return api_victims.architectures()


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def _checked(text: str) -> dict[str, str]:
    return scenarios.check(json.loads(text))


def faults(document: dict[str, Any]) -> dict[str, str]:
    """Every fault of a scenario's document by the field it is at."""
    found: dict[str, str] = _checked(json.dumps(document))
    return found


def forget() -> None:
    """Look anew what there is: a model was brought."""
    victims.clear()
    _checked.clear()


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def _estimated(text: str) -> "scenarios.Estimate":
    return scenarios.estimate(api.JobRequest.model_validate_json(text), api.list_jobs())


def estimate(request: api.JobRequest) -> "scenarios.Estimate":
    """What a retraining will cost. Raises `api.MtaaError`."""
    found: scenarios.Estimate = _estimated(request.model_dump_json())
    return found


@st.cache_data(ttl=FRESH_SECONDS, max_entries=50, show_spinner=False)
def _growth_estimated(text: str, weights_sha256: str) -> "scenarios.Estimate":
    return growing.estimate(api.JobRequest.model_validate_json(text), api.list_jobs())


def growth_estimate(request: api.JobRequest, start: api.Card) -> "scenarios.Estimate":
    """What adding to the checkpoint `start` will cost. Raises `api.MtaaError`."""
    found: scenarios.Estimate = _growth_estimated(request.model_dump_json(), start.weights_sha256)
    return found


@st.cache_resource
def usual_epochs(network: str) -> int:
    """How many epochs a network is trained for by itself."""
    return scenarios.usual_epochs(network)
