"""What pages ask of the core, cached: checkpoints for the process, verdicts for the visit."""

import hashlib
from collections.abc import Callable
from typing import Any

import streamlit as st

from mtaa import api

BATCH = 16
LARGEST_COUNT = 500

File = tuple[str, bytes]
Result = api.Verdict | api.Refusal


@st.cache_resource(max_entries=2, show_spinner="Loading the checkpoint…")
def attributor(name: str, weights_sha256: str) -> Any:
    """One loaded checkpoint, shared by all visits; its hash is part of the key, so a replaced one is loaded anew."""
    return api.open_attributor(name)


def results(
    files: list[File], card: api.Card, reference: bytes | None, report: Callable[[list[Result]], None]
) -> list[Result]:
    """Results in the order of `files`. `report` gets those there are, after each batch.

    An image judged before in this visit, by this checkpoint and against this reference, is not judged again. Raises
    `api.MtaaError` where the checkpoint or the reference can't be read.
    """
    known: dict[tuple[str, str, str, str], Result] = st.session_state.setdefault("results", {})
    against = hashlib.sha256(reference).hexdigest() if reference is not None else ""
    keys = [(name, hashlib.sha256(data).hexdigest(), card.weights_sha256, against) for name, data in files]
    missing = [(key, file) for key, file in zip(keys, files, strict=True) if key not in known]
    for start in range(0, len(missing), BATCH):
        part = missing[start : start + BATCH]
        judged = attributor(card.name, card.weights_sha256).attribute([file for _, file in part], reference, BATCH)
        known.update(zip([key for key, _ in part], judged, strict=True))
        report([known[key] for key in keys if key in known])
    return [known[key] for key in keys]
