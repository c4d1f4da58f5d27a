"""The strengths at which an attack is made that a scenario is to have beside its own."""

from mtaa.attacks.base import ATTACKS
from mtaa.core.errors import InputError
from mtaa.scenario.record import Grid, Scenario


def usual(scenario: Scenario, attack: str) -> Grid | None:
    """The grid of the scenario's first attack whose intensity has the unit of `attack`'s, so that the two compare.

    None where it has no such attack. Raises `UnknownNameError`.
    """
    kind = ATTACKS[attack]
    for spec in scenario.attacks:
        if ATTACKS[spec.name].unit == kind.unit:
            return spec.intensities.model_copy(update={"stop": min(spec.intensities.stop, kind.limit)})
    return None


def given(scenario: Scenario, attack: str, words: str) -> Grid:
    """The grid that `words` say, else the usual one. Raises `InputError` where there is neither."""
    found = parse(words) if words else usual(scenario, attack)
    if found is None:
        raise InputError(
            f"intensities of {attack} must be given, for no attack of the checkpoint is measured in "
            f"{ATTACKS[attack].unit}; say FROM:TO:STEP"
        )
    return found


def parse(words: str) -> Grid:
    """`10:80:10` as the grid from 10 to 80 by 10. Raises `InputError`."""
    try:
        start, stop, step = (float(part) for part in words.split(":"))
        return Grid(start=start, stop=stop, step=step)
    except ValueError as error:
        raise InputError(f"intensities must be FROM:TO:STEP, ascending, got {words!r}; say 10:80:10") from error
