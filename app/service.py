"""What pages ask of the core, cached: checkpoints for the process, verdicts for the visit."""

import hashlib
from collections.abc import Callable
from typing import Any

import streamlit as st

from mtaa import api

BATCH = 16
LARGEST_CACHE = 5000

File = tuple[str, bytes]
Result = api.Verdict | api.Refusal


@st.cache_resource(max_entries=2, show_spinner="Loading the checkpoint…")
def attributor(name: str, weights_sha256: str) -> Any:
    """One loaded checkpoint, shared by all visits; its hash is part of the key, so a replaced one is loaded anew."""
    return api.open_attributor(name)


def results(
    files: list[File], card: api.Card, reference: bytes | None, report: Callable[[list[Result]], None]
) -> list[Result]:
    """Results in the order of `files`. Before each batch that is left to judge, `report` gets those there are.

    Bytes judged before in this visit, by this checkpoint and against this reference, are not judged again, whatever
    name they come under. Raises `api.MtaaError` where the checkpoint or the reference can't be read.
    """
    known: dict[tuple[str, ...], Result] = st.session_state.setdefault("results", {})
    against = _hash(reference) if reference is not None else ""
    keys = [(_hash(data), card.name, card.weights_sha256, against) for _, data in files]
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


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _under(name: str, result: Result) -> Result:
    """The same finding for a file of this name."""
    if isinstance(result, api.Refusal):
        return result.model_copy(update={"name": name})
    return result.model_copy(update={"observed": result.observed.model_copy(update={"name": name})})
