"""What pages ask of the core, cached: checkpoints for the process, verdicts for the visit."""

import dataclasses
import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from mtaa import api

BATCH = 16
LARGEST_CACHE = 5000

File = tuple[str, bytes]
Result = api.Verdict | api.Refusal
Place = api.Placed | api.Refusal
Marks = tuple[str, str, str]


@st.cache_resource(max_entries=2, show_spinner="Loading the checkpoint…")
def attributor(name: str, weights_sha256: str) -> Any:
    """One loaded checkpoint, shared by all visits; its hash is part of the key, so a replaced one is loaded anew."""
    return api.open_attributor(name)


def judged(files: list[File], card: api.Card) -> list[Result | None]:
    """What this visit knows of `files` already, in their order; None where an image has still to be judged."""
    known = _results()
    return [
        _under(file[0], known[key]) if key in known else None
        for key, file in zip(_keys(files, card, None), files, strict=True)
    ]


def results(
    files: list[File], card: api.Card, reference: bytes | None, report: Callable[[list[Result]], None]
) -> list[Result]:
    """Results in the order of `files`. Before each batch that is left to judge, `report` gets those there are.

    Bytes judged before in this visit, by this checkpoint and against this reference, are not judged again, whatever
    name they come under. Raises `api.MtaaError` where the checkpoint or the reference can't be read.
    """
    known, keys = _results(), _keys(files, card, reference)
    missing = {key: file for key, file in zip(keys, files, strict=True) if key not in known}
    while len(known) + len(missing) > LARGEST_CACHE and (
        spare := next((key for key in known if key not in keys), None)
    ):
        del known[spare]
    pending = list(missing.items())
    for start in range(0, len(pending), BATCH):
        part = pending[start : start + BATCH]
        report([_under(file[0], known[key]) for key, file in zip(keys, files, strict=True) if key in known])
        judged = attributor(card.name, card.weights_sha256).attribute([file for _, file in part], reference, BATCH)
        known.update(zip([key for key, _ in part], judged, strict=True))
    return [_under(file[0], known[key]) for key, file in zip(keys, files, strict=True)]


@st.cache_resource(max_entries=2, show_spinner="Reading the map…")
def atlas(_card: api.Card, signatures_sha256: str) -> api.Atlas:
    """A checkpoint's map of signatures, shared by all visits and never changed."""
    return api.atlas(_card)


@st.cache_resource(max_entries=2, show_spinner="Loading the checkpoint…")
def placer(name: str, weights_sha256: str, signatures_sha256: str) -> Any:
    """One loaded checkpoint that places images on its map, shared by all visits."""
    return api.open_placer(name)


def placed(files: list[File], card: api.Card) -> list[Place]:
    """Where `files` belong among the checkpoint's known examples, in order; bytes placed before are not placed again.

    Raises `api.MtaaError` where the checkpoint or its map can't be read.
    """
    marks = (card.name, card.weights_sha256, card.signatures_sha256)
    known: dict[tuple[str, ...], Place] = st.session_state.setdefault("placed", {})
    keys = [(sha256(data), *marks) for _, data in files]
    missing = {key: file for key, file in zip(keys, files, strict=True) if key not in known}
    if missing:
        if len(known) + len(missing) > LARGEST_CACHE:
            known.clear()
            missing = dict(zip(keys, files, strict=True))
        known.update(zip(missing, placer(*marks).place(list(missing.values())), strict=True))
    return [_named(name, known[key]) for key, (name, _) in zip(keys, files, strict=True)]


@st.cache_resource(max_entries=2, show_spinner="Loading the checkpoint…")
def examiner(name: str, weights_sha256: str, estimator_sha256: str) -> Any:
    """One loaded checkpoint that explains images, shared by all visits."""
    return api.open_examiner(name)


@st.cache_data(max_entries=16, show_spinner=False)
def learnt_share(_card: api.Card, scenario_sha256: str) -> float:
    """The share of adversarial images that a checkpoint learnt on."""
    return api.learnt_share(_card)


@st.cache_resource(max_entries=1, show_spinner="Loading the checkpoint…")
def reattacker(name: str, weights_sha256: str) -> Any:
    """The source models of one checkpoint, attacked again in counter-checks, shared by all visits."""
    return api.open_reattacker(name)


@st.cache_data(max_entries=64, show_spinner="Comparing…")
def perturbation(pixels: np.ndarray, reference: np.ndarray | None, marks: Marks) -> api.Perturbation:
    """What was added to an image: true against `reference`, estimated without one. Raises `api.MtaaError`."""
    found: api.Perturbation = examiner(*marks).perturbation(pixels, reference)
    return found


@st.cache_data(max_entries=16, show_spinner="Comparing feature maps…")
def blocks(pixels: np.ndarray, original: np.ndarray, marks: Marks) -> list[api.BlockDifference]:
    """Feature-map differences by block between an image and its clean original or an estimate of it."""
    found: list[api.BlockDifference] = examiner(*marks).blocks(pixels, original)
    return found


@st.cache_data(max_entries=16, show_spinner="Reading the extractor…")
def extracted(pixels: np.ndarray, reference: np.ndarray | None, marks: Marks) -> api.Extracted | None:
    """The network's own feature-level estimate of the perturbation; None where it makes none."""
    found: api.Extracted | None = examiner(*marks).extracted(pixels, reference)
    return found


@st.cache_data(max_entries=64, show_spinner="Asking which pixels it rests on…")
def attribution(pixels: np.ndarray, head: str, method: str, marks: Marks) -> api.Attribution:
    """Which pixels one answer rests on. Raises `api.MtaaError`."""
    found: api.Attribution = examiner(*marks).explain(pixels, head, method)
    return found


@st.cache_resource(max_entries=1)
def explanations() -> dict[str, tuple[str, str]]:
    """The methods of attribution: title and description by name."""
    return api.explanations()


@st.cache_data(max_entries=16, show_spinner="Reading known examples…")
def patterns(_card: api.Card, test_sha256: str, strength: float, number: int) -> list[api.Pattern]:
    """Known perturbations by attack and source model. Raises `api.MtaaError`."""
    return api.patterns(_card, strength, number)


def marks(card: api.Card) -> Marks:
    """What tells one loaded checkpoint from another, as the key of what is cached."""
    return card.name, card.weights_sha256, card.estimator_sha256


def _named(name: str, place: Place) -> Place:
    if isinstance(place, api.Refusal):
        return place.model_copy(update={"name": name})
    return dataclasses.replace(place, name=name)


def _results() -> dict[tuple[str, ...], Result]:
    found: dict[tuple[str, ...], Result] = st.session_state.setdefault("results", {})
    return found


def _keys(files: list[File], card: api.Card, reference: bytes | None) -> list[tuple[str, ...]]:
    against = sha256(reference) if reference is not None else ""
    return [(sha256(data), card.name, card.weights_sha256, against) for _, data in files]


def sha256(data: bytes) -> str:
    """The hash that names bytes."""
    return hashlib.sha256(data).hexdigest()


def _under(name: str, result: Result) -> Result:
    """The same finding for a file of this name."""
    if isinstance(result, api.Refusal):
        return result.model_copy(update={"name": name})
    return result.model_copy(update={"observed": result.observed.model_copy(update={"name": name})})
