"""Every registered attack has its place in the hierarchy, with the norm it is registered with."""

import pytest

from mtaa.attacks import ATTACKS
from mtaa.attacks.base import Attack
from mtaa.core.hierarchy import FAMILIES, KINDS
from mtaa.core.registry import Entry


@pytest.mark.parametrize("entry", list(ATTACKS), ids=lambda entry: entry.name)
def test_an_attack_has_its_kind(entry: Entry[type[Attack]]) -> None:
    assert KINDS[entry.name][1] == entry.facts["norm"]


def test_no_kind_is_of_an_attack_that_is_not_there() -> None:
    assert set(KINDS) == set(ATTACKS.names())


def test_no_architecture_is_of_two_families() -> None:
    members = [name for family in FAMILIES.values() for name in family]
    assert len(members) == len(set(members))
