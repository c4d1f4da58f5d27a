"""Titles are known without the registries, since a page must not load torch to write a name."""

import pytest

from mtaa.attacks import ATTACKS
from mtaa.core.registry import Entry
from mtaa.core.titles import TITLES
from mtaa.victims import ARCHITECTURES


@pytest.mark.parametrize("entry", [*ATTACKS, *ARCHITECTURES], ids=lambda entry: entry.name)
def test_every_attack_and_victim_has_its_title(entry: Entry[object]) -> None:
    assert TITLES[entry.name] == entry.title
