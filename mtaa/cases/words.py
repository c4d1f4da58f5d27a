"""What users may type into a case and how it is kept; what an audit entry is about."""

from typing import Any

from mtaa.cases.records import Entry
from mtaa.core.errors import InputError

_SHORT = 16
LONGEST_TITLE, LONGEST_TAG, LONGEST_TEXT = 200, 60, 20_000


def line(text: str, longest: int) -> str:
    """`text` on one line, cut at `longest` characters; what can't be written goes."""
    return " ".join(_written(text).split())[:longest]


def title(text: str) -> str:
    """The title of a case. Raises `InputError`."""
    return _line(text, "title of a case", LONGEST_TITLE)


def tag(text: str) -> str:
    """A tag. Raises `InputError`."""
    return _line(text, "tag", LONGEST_TAG)


def prose(text: str, what: str) -> str:
    """A text of several lines. Raises `InputError`."""
    kept = _written(text).strip()
    if not kept or len(kept) > LONGEST_TEXT:
        raise InputError(f"{what} must have 1 to {LONGEST_TEXT:,} characters, got {len(kept):,}; {_hint(kept)}")
    return kept


def details(entry: Entry) -> str:
    """What an audit entry is about, hashes cut short."""
    return "; ".join(f"{name}: {_cut(value)}" for name, value in entry.details.items() if value is not None)


def _cut(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_cut(one) for one in value)
    text = str(value)
    return text[:_SHORT] + "…" if len(text) == 64 and " " not in text else text


def _line(text: str, what: str, longest: int) -> str:
    kept = line(text, len(text))
    if not kept or len(kept) > longest:
        raise InputError(f"{what} must have 1 to {longest} characters, got {len(kept)}; {_hint(kept)}")
    return kept


def _hint(kept: str) -> str:
    return "shorten it" if kept else "write something"


def _written(text: str) -> str:
    """Without signs that no screen shows and some databases refuse."""
    shown = "".join(sign if sign.isprintable() or sign.isspace() else "" for sign in text)
    return shown.encode("utf-8", "replace").decode()
