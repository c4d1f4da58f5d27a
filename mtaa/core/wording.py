"""How findings are put into words, the same on the command line and on every page."""

from mtaa.core.units import UNITS, UnitName
from mtaa.core.verdict import Intensity

SUFFIXES = {name: unit.suffix for name, unit in UNITS.items()}


def percent(share: float) -> str:
    """A probability that never claims a certainty it has not."""
    if share > 0.999:
        return "> 99.9%"
    return "< 0.1%" if share < 0.001 else f"{share:.1%}"


def size(found: Intensity) -> str:
    """The hyperparameter with its unit: `ε = 61.0/255`, `κ ≥ 14.2 logits`."""
    unit = UNITS[found.unit]
    return f"{found.symbol} {'≥' if found.saturated else '='} {found.value:.{unit.digits}f}{unit.suffix}"


def interval(found: Intensity) -> str:
    """Its interval, without a unit; open above where the value is only a lower bound."""
    low, high = (f"{end:.{UNITS[found.unit].digits}f}" for end in (found.low, found.high))
    return f"{low} or more" if found.saturated else f"{low} to {high}"


def stated(symbol: str, value: float, unit: UnitName) -> str:
    """An intensity that is known, not estimated: `ε = 40/255`."""
    return f"{symbol} = {value:g}{UNITS[unit].suffix}"
