"""How values are written on every page, and how what strangers typed is kept from being read as Markdown."""

import re

from mtaa import api

UNITS = {"1/255": "/255", "logits": " logits"}


def plain(text: str) -> str:
    """`text` for a place that reads Markdown: every sign that could mean something there is escaped."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


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
