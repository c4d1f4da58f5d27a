"""How values are written on every page, and how what strangers typed is kept from being read as Markdown."""

import re

from mtaa import api

NOBODY = "none"  # the source model of a clean image
UNITS = {"1/255": "/255", "logits": " logits"}

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


def percent(share: float) -> str:
    """A probability that never claims a certainty it has not."""
    if share > 0.999:
        return "> 99.9%"
    return "< 0.1%" if share < 0.001 else f"{share:.1%}"


def size(found: api.Intensity) -> str:
    """The hyperparameter with its unit: `ε = 61.0/255`, `κ ≥ 14.2 logits`."""
    return f"{found.symbol} {'≥' if found.saturated else '='} {found.value:.1f}{UNITS[found.unit]}"


def interval(found: api.Intensity) -> str:
    """Its interval, without a unit; open above where the value is only a lower bound."""
    return f"{found.low:.1f} or more" if found.saturated else f"{found.low:.1f} to {found.high:.1f}"


def truth(sample: api.Sample) -> str:
    """What is true of a sample."""
    if sample.attack == "clean":
        return "a clean image"
    unit = UNITS["1/255" if sample.symbol == "ε" else "logits"]
    return f"{api.title(sample.attack)} on {api.title(sample.victim)}, {sample.symbol} = {sample.intensity:g}{unit}"
