"""An own model is taken away whole, once, and who did so stays on record."""

from pathlib import Path

import pytest

from mtaa.core import paths
from mtaa.core.errors import InputError, IntegrityError, UnknownNameError
from mtaa.scenario import ImagesSpec, load
from mtaa.victims import own_names, removing
from tests.unit.victims.brought import card

IMAGES = load("smoke").images


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where victims are stored."""
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))
    return paths.victims()


def test_nothing_of_it_is_left_but_a_line_in_the_record(shelf: Path) -> None:
    kept, other = card("mine", IMAGES), card("other", IMAGES)
    said = removing.remove(removing.own_card("mine"), "ann")
    assert (said.name, said.images, said.weights_sha256, said.who) == ("mine", "digits", kept.weights_sha256, "ann")
    assert removing.removals() == [said]
    assert own_names(IMAGES) == ["other"]
    assert [path.name for path in shelf.iterdir()] == ["digits-other"]
    again = removing.remove(other)
    assert removing.removals() == [said, again]
    assert again.who


def test_an_unknown_name_lists_the_near_ones_and_no_architecture_can_go() -> None:
    card("mine", IMAGES)
    for name in ("mime", "tiny_a", "../digits-mine"):
        with pytest.raises(UnknownNameError, match="is unknown"):
            removing.own_card(name)


def test_of_several_of_one_name_the_data_set_must_be_named() -> None:
    card("mine", IMAGES)
    card("mine", ImagesSpec(source="mnist", channels=1, side=28))
    with pytest.raises(InputError, match=r"got several \(digits, mnist\); name one: --images NAME"):
        removing.own_card("mine")
    assert removing.own_card("mine", "mnist").images.source == "mnist"


def test_a_damaged_record_is_said_and_nothing_is_removed() -> None:
    kept = card("mine", IMAGES)
    paths.home().mkdir(parents=True, exist_ok=True)
    (paths.home() / "removed-victims.json").write_text('{"schema_version": 1, "removals": [{}]}')
    with pytest.raises(IntegrityError, match="not a record of this version"):
        removing.remove(kept)
    assert own_names(IMAGES) == ["mine"]
