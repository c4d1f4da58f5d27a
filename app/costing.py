"""What a retraining will cost, and which of its labels are doubtful, before it is started."""

import streamlit as st

from app import words
from app.words import plain
from mtaa.api import scenarios


def show(found: "scenarios.Estimate") -> None:
    """Render the estimate."""
    st.markdown("**What it costs**")
    train, validation, test = (found.examples[split] for split in scenarios.SPLITS)
    rows = [("Examples", f"{train:,} to train, {validation:,} to validate, {test:,} to test")]
    if found.is_made:
        rows.append(("Gradient steps", "none: these examples are made already"))
    else:
        each = next(iter(found.steps.values()))
        rows.append(("Gradient steps", f"{each:,} on each of {len(found.steps)}, {sum(found.steps.values()):,} in all"))
    bound = f"as in {plain(found.basis)}" if found.basis else "at most; none of this kind is here to measure"
    disk = f"{written_bytes(found.shard_bytes)} of shards ({bound}), {written_bytes(found.cache_bytes)} for training"
    rows.append(("Disk", disk))
    rows += [(plain(sentence(term.what)), _time(term)) for term in found.terms]
    st.table(
        [{"what": what, "value": value} for what, value in rows], border="horizontal", hide_index=True, hide_header=True
    )
    st.caption(_total(found.terms))
    for doubt in found.doubts:
        st.warning(plain(doubt), icon=":material/visibility_off:")


def sentence(text: str) -> str:
    """With a capital first."""
    return words.sentence(text).rstrip(".")


def written_bytes(count: float) -> str:
    """A number of bytes in its usual unit."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:,.0f} {unit}" if unit == "bytes" or count >= 10 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} TB"


def duration(seconds: float) -> str:
    """A time as people say it: `40 s`, `12 min`, `3.5 h`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:,.1f} h"


def _time(term: "scenarios.Term") -> str:
    if term.seconds is None:
        return "not measured yet on this machine"
    return f"about {duration(term.seconds)} :small[:gray[{plain(term.basis)}]]"


def _total(terms: "list[scenarios.Term]") -> str:
    known = [term.seconds for term in terms if term.seconds is not None]
    if not known:
        return (
            "How long it takes is not measured yet on this machine: the first finished job of this network and these "
            "images tells."
        )
    least = "" if len(known) == len(terms) else "at least "
    return f"In all **{least}about {duration(sum(known))}**, an order of magnitude, judged by finished jobs."
