"""How findings are put into words, the same on the command line and on every page."""

from collections.abc import Sequence

from mtaa.core.support import Support
from mtaa.core.units import UNITS, UnitName
from mtaa.core.verdict import Intensity

SUFFIXES = {name: unit.suffix for name, unit in UNITS.items()}


def percent(share: float) -> str:
    """A probability that never claims a certainty it has not."""
    if share > 0.999:
        return "> 99.9%"
    return "< 0.1%" if share < 0.001 else f"{share:.1%}"


def size(found: Intensity) -> str:
    """The hyperparameter with its unit: `ε = 61.0/255`, `κ at least 14.2 logits`.

    Of one that is saturated only the lower end of its interval is sure.
    """
    unit = UNITS[found.unit]
    words, value = ("at least", found.low) if found.saturated else ("=", found.value)
    return f"{found.symbol} {words} {value:.{unit.digits}f}{unit.suffix}"


def interval(found: Intensity) -> str:
    """Its interval, without a unit; open above where the value is only a lower bound."""
    return span(found.low, found.high, found.unit, found.saturated)


def span(low: float, high: float, unit: UnitName, is_open: bool = False) -> str:
    """Two ends in words, without a unit."""
    first, last = (f"{end:.{UNITS[unit].digits}f}" for end in (low, high))
    return f"{first} or more" if is_open else f"{first} to {last}"


def measured(found: Intensity) -> str:
    """The hyperparameter and how far to believe it: `ε = 61.0/255 (57.1 to 64.9)`."""
    if found.low == found.high:
        return f"{size(found)} for certain"
    return size(found) if found.saturated else f"{size(found)} ({interval(found)})"


def named(support: Support) -> str:
    """What can be named, as it stands in a sentence: `PGD`, `an iterated L∞ attack`, `a model of the VGG family`."""
    if support.level == "family":
        return f"a model of the {support.title}"
    if support.level in ("kind", "norm") and support.title.endswith("attack"):
        return f"{'a' if support.title.startswith('one') else 'an'} {support.title}"
    return support.title


def either(titles: Sequence[str]) -> str:
    """`VGG16`, `VGG16 or VGG19`, `ResNet18, VGG16 or VGG19`."""
    return " or ".join(part for part in (", ".join(titles[:-1]), titles[-1]) if part)


def stated(symbol: str, value: float, unit: UnitName) -> str:
    """An intensity that is known, not estimated: `ε = 40/255`."""
    return f"{symbol} = {value:g}{UNITS[unit].suffix}"
