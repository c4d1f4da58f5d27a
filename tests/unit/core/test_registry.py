import pytest

from mtaa.core.errors import UnknownNameError
from mtaa.core.registry import Entry, Registry


@pytest.fixture
def animals() -> Registry[int]:
    registry: Registry[int] = Registry("animal")
    registry.add("horse", 4, title="Horse", description="four legs", legs=4)
    registry.add("bird", 2, title="Bird", description="two legs", legs=2)
    return registry


def test_gives_back_what_was_registered(animals: Registry[int]) -> None:
    assert animals["horse"] == 4
    assert animals.names() == ["horse", "bird"]
    assert animals.entry("bird").facts == {"legs": 2}


def test_second_registration_is_refused(animals: Registry[int]) -> None:
    with pytest.raises(ValueError, match="registered already"):
        animals.add("horse", 5, title="", description="")


def test_unknown_name_lists_near_ones(animals: Registry[int]) -> None:
    with pytest.raises(UnknownNameError, match="animal 'hrose' is unknown; did you mean horse"):
        animals["hrose"]


def test_names_with_a_prefix_are_left_to_who_knows_them(animals: Registry[int]) -> None:
    animals.delegate("zoo", lambda name: Entry(f"zoo:{name}", name, "", len(name), {}))
    assert animals["zoo:gnu"] == 3
    assert animals.entry("zoo:gnu").name == "zoo:gnu"
    assert animals.names() == ["horse", "bird"]
    with pytest.raises(UnknownNameError, match="animal 'farm:horse' is unknown"):
        animals["farm:horse"]
    with pytest.raises(ValueError, match="delegated already"):
        animals.delegate("zoo", lambda name: animals.entry("horse"))
