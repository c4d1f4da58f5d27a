"""What is made with an own model is named by its weights, and by nothing else."""

from pathlib import Path

import pytest

from mtaa.core.errors import InputError
from mtaa.dataset import manifest
from mtaa.scenario import Scenario, growth, load
from mtaa.scenario.presets import dump, parse
from mtaa.victims import pinned, removing
from tests.unit.victims.brought import card


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own."""
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.delenv("MTAA_STORE", raising=False)


@pytest.fixture
def own() -> Scenario:
    """The smallest preset on one known victim and one that somebody brought."""
    return load("smoke").model_copy(update={"victims": ["tiny_a", "mine"]})


@pytest.mark.parametrize("name", ["mnist", "smoke"])
def test_without_own_models_a_scenario_is_what_it_was(name: str) -> None:
    assert pinned(load(name)) is load(name) or pinned(load(name)) == load(name)
    assert pinned(load(name)).hash == load(name).hash
    assert "weights" not in dump(pinned(load(name)))
    assert manifest.folder(load(name)).name.endswith(load(name).hash[:12])


def test_two_models_of_one_name_share_no_shards(own: Scenario) -> None:
    first = card("mine", own.images, b"one")
    before = manifest.folder(own)
    kept = pinned(own)
    assert kept.weights == {"mine": first.weights_sha256}
    assert parse(dump(kept)) == kept
    assert before.name == f"smoke-{kept.hash[:12]}" != f"smoke-{own.hash[:12]}"
    assert manifest.folder(kept) == before
    removing.remove(first)
    card("mine", own.images, b"another")
    assert manifest.folder(own) != before
    with pytest.raises(InputError, match="mine must be the one that scenario smoke names"):
        manifest.folder(kept)


def test_what_is_said_of_a_model_that_is_not_here_stays(own: Scenario) -> None:
    kept = own.model_copy(update={"weights": {"mine": "0" * 64}})
    assert pinned(kept) == kept


def test_weights_of_a_victim_that_is_not_named_are_refused(own: Scenario) -> None:
    text = dump(own).replace("- mine\n", "") + f"weights: {{mine: {'a' * 64}}}\n"
    with pytest.raises(InputError, match="weights must be of the scenario's victims, got those of mine"):
        parse(text)


def test_a_grown_scenario_goes_on_naming_them_and_each_part_its_own(own: Scenario) -> None:
    card("mine", own.images)
    known = load("smoke")
    wanted = pinned(growth.few_shot(known, [], ["mine"], 20, "grown"))
    assert growth.union(known, wanted).weights == wanted.weights != {}
    (added,) = growth.additions(known, wanted)
    assert added.weights == wanted.weights
    assert growth.replay(known, wanted).weights == {}
