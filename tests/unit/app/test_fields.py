"""A form and its scenario are one: what nobody touched keeps its hash."""

from typing import Any

import pytest

from app import fields
from mtaa.api import scenarios
from mtaa.scenario import Scenario, load, names
from mtaa.scenario.presets import parse


@pytest.fixture(scope="module")
def offers() -> dict[str, scenarios.AttackOffer]:
    return {offer.name: offer for offer in scenarios.attack_offers()}


def again(scenario: Scenario, offers: dict[str, scenarios.AttackOffer], **changes: Any) -> Scenario:
    """The scenario by way of a form in which `changes` were made."""
    base = fields.document(scenario)
    given = fields.values(base, offers) | {name.replace("__", "."): value for name, value in changes.items()}
    return Scenario.model_validate(fields.assembled(given, base, offers))


TERSE = """
name: terse
images: {source: folder, folder: photos, channels: 3, side: 64}
victims: [tiny_a]
attacks:
  - {name: pgd, intensities: {start: 1, stop: 3, step: 0.5}, parameters: {steps: 7}}
  - {name: fgsm, intensities: {start: 0, stop: 0, step: 10}, examples: {train: 9, test: 3}}
  - {name: "foolbox:LinfPGD", intensities: {start: 1, stop: 2, step: 1}, parameters: {steps: 3, rel_stepsize: 0.1}}
examples: {train: 2, test: 1}
controls:
  - {name: jpeg, strengths: {start: 50, stop: 90, step: 20}, examples: {train: 2, test: 1}}
precision: {train: bfloat16}
seed: 3
"""


@pytest.mark.parametrize("name", names())
def test_every_preset_survives_the_form(name: str, offers: dict[str, scenarios.AttackOffer]) -> None:
    assert again(load(name), offers) == load(name)
    assert again(load(name), offers).hash == load(name).hash


def test_defaults_that_were_left_out_stay_out_and_what_has_no_field_stays(
    offers: dict[str, scenarios.AttackOffer],
) -> None:
    terse = parse(TERSE)
    assert again(terse, offers) == terse
    assert again(terse, offers).hash == terse.hash


def test_a_change_is_the_only_change(offers: dict[str, scenarios.AttackOffer]) -> None:
    smoke = load("smoke")
    changed = again(smoke, offers, attacks__pgd__parameters__steps=11, victims=["tiny_b"])
    assert changed.attack("pgd").parameters == {"step_size": 20, "steps": 11, "random_start": False}
    assert changed.victims == ["tiny_b"]
    assert changed.model_dump(exclude={"victims", "attacks"}) == smoke.model_dump(exclude={"victims", "attacks"})
    assert again(smoke, offers, clean=False).clean is None


def test_a_new_attack_is_valid_with_all_its_parameters(offers: dict[str, scenarios.AttackOffer]) -> None:
    made = again(load("smoke"), offers, attacks=list(offers))
    document = made.model_dump(mode="json")
    assert {path: words for path, words in scenarios.check(document).items() if path != "images"} == {}
    for name, offer in offers.items():
        assert set(made.attack(name).parameters) == {one.name for one in offer.parameters}, name


def test_a_seed_that_a_browser_can_not_hold_is_said() -> None:
    base = fields.document(load("smoke"))
    assert fields.too_large(base) == ""
    assert "must be at most" in fields.too_large(base | {"seed": 2**60})
