"""What a calibration promises at 90 % and 95 %, as thresholds: a verdict needs no more than these. Free of numpy."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

LEVELS = (0.9, 0.95)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Record):
    """Thresholds at one coverage `level`; each is None where there were too few examples to promise anything less
    than every answer.

    attack: by attack, how far (in logits) its score may lie below the highest for it to be among the answers. victim:
    the same of every source model, by the attack that is named. low, high: by the attack that is named, how far below
    and above the told intensity the true one may lie, in the attack's unit.
    """

    level: float
    attack: dict[str, float | None]
    victim: dict[str, float | None]
    low: dict[str, float | None]
    high: dict[str, float | None]


class CalibrationSet(_Record):
    """What was calibrated on: validation examples by attack, the precision of their gradients, and what made them.

    fresh: made for the calibration alone, where else they are those that the training was watched by.
    """

    scenario: str
    scenario_sha256: str
    data_sha256: str
    seed: int
    precision: str
    fresh: bool
    examples: dict[str, int]


class Conformal(_Record):
    """`limits` by level, ascending, and what they were `fitted_on`."""

    limits: list[Limits]
    fitted_on: CalibrationSet


def answers(logits: Mapping[str, float], limits: Mapping[str, float | None]) -> list[str]:
    """The names whose logits lie within their limits below the highest, likeliest first; never empty.

    As a share: those at least exp(−limit) times as probable as the likeliest, before any temperature, which would
    scale limits and differences alike.
    """
    best = max(logits.values())
    ranked = sorted(logits, key=lambda name: -logits[name])
    return [name for name in ranked if (limit := limits[name]) is None or best - logits[name] <= limit]
