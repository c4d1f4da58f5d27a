"""How values read, and that nothing foreign reads as Markdown."""

import re

import pytest

from app import words
from mtaa import api


def strength(**changes: object) -> api.Intensity:
    values = {"symbol": "ε", "unit": "1/255", "value": 61.04, "low": 50.0, "high": 70.26, "level": 0.9}
    return api.Intensity.model_validate(values | changes)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "< 0.1%"), (0.0004, "< 0.1%"), (0.001, "0.1%"), (0.5, "50.0%"), (0.998, "99.8%"), (1.0, "> 99.9%")],
)
def test_no_probability_claims_certainty(share: float, text: str) -> None:
    assert words.percent(share) == text


def test_every_rounding_stays_below_certainty() -> None:
    assert not any("100" in words.percent(share / 10_000) for share in range(10_001))


def test_strength_with_unit_and_interval() -> None:
    assert words.size(strength()) == "ε = 61.0/255"
    assert words.interval(strength()) == "50.0 to 70.3"
    bound = strength(symbol="κ", unit="logits", saturated=True)
    assert words.size(bound) == "κ ≥ 61.0 logits"
    assert words.interval(bound) == "50.0 or more"


def test_truth_of_a_sample() -> None:
    values = {"file": "a.png", "sha256": "0a", "victim": "vgg16", "source": "mnist-test-1"}
    attacked = api.Sample(attack="cw", intensity=8, symbol="κ", **values)
    assert words.truth(attacked) == "C&W on VGG16, κ = 8 logits"
    assert words.truth(attacked.model_copy(update={"attack": "clean"})) == "a clean image"


def test_every_sign_of_markdown_is_escaped() -> None:
    signs = "".join(map(chr, range(33, 127)))
    escaped = words.plain(signs)
    assert re.sub(r"\\(.)", "", escaped).replace("\u2060", "").isalnum()
    assert escaped.replace("\u2060", "").replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == signs


def test_blocks_of_markdown_can_not_begin() -> None:
    assert words.plain("a\n\n# b\n    c") == r"a \# b c"


@pytest.mark.parametrize(
    "address", ["http://evil.example", "HTTPS://evil.example", "www.evil.example", "a@evil.example"]
)
def test_addresses_are_no_links(address: str) -> None:
    shown = words.plain(address).replace("\\", "")
    assert shown != address
    assert shown.replace("\u2060", "") == address


def test_a_single_text_is_no_list() -> None:
    assert words.listed(["*a*"]) == r"\*a\*"
    assert words.listed(["a", "- b"]) == "- a\n- \\- b"


def test_reasons_become_sentences() -> None:
    assert words.sentence("file must hold an image, got C&W.") == "File must hold an image, got C&W."
    assert words.sentence("") == "."
