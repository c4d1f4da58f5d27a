"""Findings in words."""

import pytest

from mtaa.core import wording
from mtaa.core.verdict import Intensity


def strength(**changes: object) -> Intensity:
    values = {"symbol": "ε", "unit": "1/255", "value": 61.04, "low": 50.0, "high": 70.26, "level": 0.9}
    return Intensity.model_validate(values | changes)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "< 0.1%"), (0.0004, "< 0.1%"), (0.001, "0.1%"), (0.5, "50.0%"), (0.998, "99.8%"), (1.0, "> 99.9%")],
)
def test_no_probability_claims_certainty(share: float, text: str) -> None:
    assert wording.percent(share) == text


def test_every_rounding_stays_below_certainty() -> None:
    assert not any("100" in wording.percent(share / 10_000) for share in range(10_001))


def test_strength_with_unit_and_interval() -> None:
    assert wording.size(strength()) == "ε = 61.0/255"
    assert wording.interval(strength()) == "50.0 to 70.3"
    bound = strength(symbol="κ", unit="logits", saturated=True)
    assert wording.size(bound) == "κ ≥ 61.0 logits"
    assert wording.interval(bound) == "50.0 or more"
