"""Files that people and attackers drop: built here, read by the tests of the core and of the app."""

from collections.abc import Iterator

from tests.malformed import damaged, odd
from tests.malformed.building import OUTCOMES, TAKEN, Malformed, outcome

__all__ = ["OUTCOMES", "TAKEN", "Malformed", "all_of_them", "outcome"]


def all_of_them() -> Iterator[Malformed]:
    """Every malformed file, kind after kind, the same bytes each time."""
    for kind in (damaged.truncated, damaged.headers, odd.renamed, odd.bombs, odd.depths, odd.named):
        yield from kind()
