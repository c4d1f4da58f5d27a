"""Known, of a known kind, unknown, or nothing found; and none of these where it is undecided."""

from typing import Any

import pytest

from mtaa.core.standing import WORDS, standing
from mtaa.core.strange import UNUSUAL
from mtaa.core.support import Support
from mtaa.core.verdict import Strangeness
from tests.unit.core.test_answers import inferred

FAR, NEAR = Strangeness(attack=UNUSUAL, victim=0.1), Strangeness(attack=0.9, victim=0.9)


def support(level: Any) -> Support:
    return Support(level=level, title="", probability=0.95, members=["one"])


@pytest.mark.parametrize(
    ("kind", "source", "said"),
    [
        ("attack", "model", "known"),
        ("kind", "model", "family"),
        ("attack", "family", "family"),
        ("none", "model", "family"),
        ("attack", "none", "family"),
        ("none", "none", None),
    ],
)
def test_how_narrowly_both_are_named(kind: str, source: str, said: str | None) -> None:
    found = inferred(kind=support(kind), source=support(source))
    assert standing(found, NEAR) == said
    assert standing(found, None) == said


def test_what_lies_far_from_all_that_is_known_is_unknown_whatever_it_is_taken_for() -> None:
    clean = inferred(conclusion="clean", kind=None, source=None, hyperparameter=None)
    assert standing(inferred(), FAR) == standing(clean, FAR) == "unknown"
    assert standing(inferred(), Strangeness(attack=0.1, victim=0.99)) == "unknown"
    assert standing(clean, NEAR) == "nothing"


def test_undecided_is_none_of_the_four() -> None:
    assert standing(inferred(conclusion="inconclusive"), NEAR) is None
    assert set(WORDS) == {"known", "family", "unknown", "nothing"}
