"""A set holds what lies within its limit of the highest, and always the highest."""

import pytest

from mtaa.core.conformal import answers


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"a": 0.0, "b": 0.0, "c": 0.0}, ["b"]),
        ({"a": 2.0, "b": 0.0, "c": 2.0}, ["b", "a"]),
        ({"a": 1.99, "b": 0.0, "c": 6.0}, ["b", "c"]),
        ({"a": None, "b": 0.0, "c": 0.0}, ["b", "a"]),
        ({"a": None, "b": None, "c": None}, ["b", "a", "c"]),
    ],
)
def test_each_name_has_a_limit_of_its_own(limits: dict[str, float | None], expected: list[str]) -> None:
    assert answers({"a": 5.0, "b": 7.0, "c": 1.0}, limits) == expected
