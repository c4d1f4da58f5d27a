"""Every fault of a scenario by hand is named where it is, in the records' own sentences."""

from pathlib import Path
from typing import Any

import pytest

from mtaa.api import scenarios
from mtaa.core.errors import InputError
from mtaa.jobs.record import JobRequest
from mtaa.scenario import load


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "CHECKPOINTS"):
        monkeypatch.setenv(f"MTAA_{name}", str(tmp_path / name.lower()))


def changed(path: str, value: Any) -> dict[str, Any]:
    """The smoke scenario's document with one value changed."""
    document: Any = load("smoke").model_dump(mode="json", exclude_none=True)
    place = document
    *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in parents:
        place = place[part]
    place[last] = value
    return document


def test_a_preset_has_no_fault() -> None:
    assert scenarios.check(changed("seed", 4)) == {}


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
    [
        ("name", "Ab", "name", "must be up to 63 small letters"),
        ("victims", [], "victims", "must have at least one entry, got none"),
        ("victims", ["resnet81"], "victims", "did you mean resnet18"),
        ("attacks", [], "attacks", "must have at least one entry, got none"),
        ("attacks.1.intensities.step", 0, "attacks.pgd.intensities.step", "must be more than 0, got 0"),
        ("attacks.1.intensities.stop", 1, "attacks.pgd.intensities", "stop must be at least start, got 40 to 1"),
        ("attacks.1.intensities.stop", 300, "attacks.pgd.intensities.stop", "must be at most 255, got 300"),
        ("attacks.1.parameters.steps", 0, "attacks.pgd.parameters.steps", "must be at least 1, got 0"),
        ("attacks.1.parameters.stepps", 3, "attacks.pgd.parameters.stepps", "not a setting"),
        ("attacks.0.name", "fsgm", "attacks.fsgm", "did you mean fgsm"),
        ("examples.train", -1, "examples.train", "must be at least 0, got -1"),
        ("images.source", "mnist", "images", "run: mtaa data fetch mnist"),
        ("images.source", "mnits", "images.source", "did you mean mnist"),
        ("images.source", "folder", "images", "must be a folder, got nothing"),
        ("seed", -1, "seed", "must be at least 0, got -1"),
    ],
)
def test_a_fault_is_said_at_its_field(path: str, value: Any, where: str, said: str) -> None:
    found = scenarios.check(changed(path, value))
    assert list(found) == [where]
    assert said in found[where]
    assert "\n" not in found[where]


def test_what_leaves_a_split_empty_is_said_at_its_field() -> None:
    document = changed("examples.validation", 0)
    document["attacks"][1]["examples"] = {"train": 4, "validation": 0, "test": 0}
    assert scenarios.check(document) == {}
    found = scenarios.untrainable(document)
    assert list(found) == ["examples.validation", "attacks.pgd.examples.validation", "attacks.pgd.examples.test"]
    assert found["attacks.pgd.examples.test"] == "must be at least 1, got 0; the network is measured on these examples"
    assert scenarios.untrainable(changed("seed", 4)) == {}
    paper = load("mnist-paper").model_dump(mode="json", exclude_none=True)
    assert list(scenarios.untrainable(paper)) == ["examples.validation"]


def test_all_faults_are_said_at_once() -> None:
    document = changed("seed", -1)
    document["examples"]["train"] = -1
    assert set(scenarios.check(document)) == {"seed", "examples.train"}


def test_data_sets_that_are_not_here_say_how_they_are_fetched() -> None:
    offers = {offer.name: offer.why for offer in scenarios.source_offers()}
    assert offers["digits"] == offers["folder"] == ""
    assert "mtaa data fetch mnist" in offers["mnist"]
    assert "mtaa data fetch fashion_mnist" in offers["fashion_mnist"]


def test_attacks_are_offered_with_bounds_and_defaults() -> None:
    pgd = next(offer for offer in scenarios.attack_offers() if offer.name == "pgd")
    assert (pgd.symbol, pgd.unit, pgd.limit) == ("ε", "1/255", 255)
    assert [(one.name, one.kind, one.default, one.bounds) for one in pgd.parameters] == [
        ("step_size", "number", 10.0, "more than 0, at most 255"),
        ("steps", "whole", 100, "at least 1, at most 100,000"),
        ("random_start", "switch", False, ""),
    ]
    assert "α in grey levels" in pgd.notes


def test_names_of_checkpoints() -> None:
    assert scenarios.check_name("trial") == ""
    assert "must be up to 64 letters" in scenarios.check_name("../up")
    with pytest.raises(InputError):
        scenarios.of_checkpoint("mnits")


def test_an_estimate_of_what_was_never_done_has_no_hours() -> None:
    request = JobRequest(scenario=load("smoke"), checkpoint="")
    found = scenarios.estimate(request, [])
    assert found.missing == ["tiny_a", "tiny_b"]
    assert [term.seconds for term in found.terms] == [None] * 4
    assert sum(found.examples.values()) == sum(load("smoke").total(split) for split in scenarios.SPLITS)
