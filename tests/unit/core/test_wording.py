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
    assert wording.size(bound) == "κ at least 50.0 logits"
    assert wording.interval(bound) == "50.0 or more"


def test_units_have_digits_and_suffixes_of_their_own() -> None:
    radius = strength(unit="L2", value=0.514, low=0.25, high=1.5)
    assert wording.size(radius) == "ε = 0.51 in L2"
    assert wording.interval(radius) == "0.25 to 1.50"
    assert wording.size(strength(symbol="η", unit="%", value=20)) == "η = 20.0%"
    assert wording.stated("ε", 40, "1/255") == "ε = 40/255"
    assert wording.stated("κ", 2.5, "logits") == "κ = 2.5 logits"
