"""How values are written on every page, and how what strangers typed is kept from being read as Markdown."""

import re

from mtaa import api

NOBODY = "none"  # the source model of a clean image

# Addresses become links and dashes arrows after escapes are resolved; only a sign in between, which nobody sees, helps.
_TURNED_LATE = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """`text` for a place that reads Markdown: every sign that could mean something there is escaped."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", _TURNED_LATE.sub(_WORD_JOINER, " ".join(text.split())))


def sentence(reason: str) -> str:
    """A reason as a sentence of its own."""
    return reason[:1].upper() + reason[1:].rstrip(".") + "."


def listed(texts: list[str]) -> str:
    """Markdown for foreign `texts`: a list, or the text itself where it is the only one."""
    return plain(texts[0]) if len(texts) == 1 else "\n".join(f"- {plain(text)}" for text in texts)


def truth(sample: api.Sample) -> str:
    """What is true of a sample."""
    if sample.attack == "clean":
        return "a clean image"
    strength = api.stated(sample.symbol, sample.intensity, sample.unit)
    return f"{api.title(sample.attack)} on {api.title(sample.victim)}, {strength}"
