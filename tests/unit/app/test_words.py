"""How values read, and that nothing foreign reads as Markdown."""

import re

import pytest

from app import words
from mtaa import api


def test_truth_of_a_sample() -> None:
    values = {"file": "a.png", "sha256": "0a", "victim": "vgg16", "source": "mnist-test-1"}
    attacked = api.Sample(attack="cw", intensity=8, symbol="κ", **values)
    assert words.truth(attacked) == "C&W on VGG16, κ = 8 logits"
    assert words.truth(attacked.model_copy(update={"attack": "clean"})) == "a clean image"
    radius = api.Sample(attack="pgd_l2", intensity=1.5, symbol="ε", unit="L2", **values)
    assert words.truth(radius) == "PGD-L2 on VGG16, ε = 1.5 in L2"


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
