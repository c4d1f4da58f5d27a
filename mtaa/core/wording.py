"""How findings are put into words, the same on the command line and on every page."""

from mtaa.core.verdict import Intensity

SUFFIXES = {"1/255": "/255", "logits": " logits"}


def percent(share: float) -> str:
    """A probability that never claims a certainty it has not."""
    if share > 0.999:
        return "> 99.9%"
    return "< 0.1%" if share < 0.001 else f"{share:.1%}"


def size(found: Intensity) -> str:
    """The hyperparameter with its unit: `ε = 61.0/255`, `κ ≥ 14.2 logits`."""
    return f"{found.symbol} {'≥' if found.saturated else '='} {found.value:.1f}{SUFFIXES[found.unit]}"


def interval(found: Intensity) -> str:
    """Its interval, without a unit; open above where the value is only a lower bound."""
    return f"{found.low:.1f} or more" if found.saturated else f"{found.low:.1f} to {found.high:.1f}"
