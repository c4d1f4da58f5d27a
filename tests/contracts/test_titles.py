"""Titles are known without the registries, since a page must not load torch to write a name."""

import pytest

from mtaa.attacks import ATTACKS
from mtaa.bench import peers
from mtaa.bench.contestants import CONTESTANTS
from mtaa.core.registry import Entry
from mtaa.core.titles import TITLES
from mtaa.models.backbones import BACKBONES
from mtaa.victims import ARCHITECTURES


@pytest.mark.parametrize("entry", [*ATTACKS, *ARCHITECTURES, *BACKBONES, *CONTESTANTS], ids=lambda entry: entry.name)
def test_everything_that_is_named_in_tables_has_its_title(entry: Entry[object]) -> None:
    assert peers  # has registered the toolboxes
    assert TITLES[entry.name] == entry.title
