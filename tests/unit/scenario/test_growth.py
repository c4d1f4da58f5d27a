"""The joined scenario has all that was known first; its parts make each cell once, and nothing for the old test."""

import pytest

from mtaa.core.errors import InputError
from mtaa.scenario import AttackSpec, Grid, Scenario, growth, load

BIM = AttackSpec(name="bim", intensities=Grid(start=10, stop=80, step=10))


def cells(scenario: Scenario) -> set[tuple[str, str]]:
    return {(spec.name, victim) for spec in scenario.attacks for victim in scenario.victims}


def test_known_labels_come_first_and_wanted_counts() -> None:
    known = load("mnist")
    stronger = known.attack("fgsm").model_copy(update={"intensities": Grid(start=5, stop=50, step=5)})
    wanted = known.model_copy(update={"attacks": [BIM, stronger], "victims": ["mobile", "vgg16"], "clean": None})
    found = growth.union(known, wanted)
    assert found.attack_labels == ["fgsm", "pgd", "cw", "bim", "clean"]
    assert found.victim_labels == [*known.victims, "mobile", "none"]
    assert found.attack("fgsm").intensities.stop == 50
    assert found.counts(found.attack("cw")) == known.counts(known.attack("cw"))
    assert found.clean == known.clean


def test_other_images_are_refused_in_a_sentence() -> None:
    known = load("mnist")
    other = known.model_copy(update={"images": known.images.model_copy(update={"side": 32})})
    with pytest.raises(InputError, match=r"must be mnist, 1 × 28 × 28 .* got mnist, 1 × 32 × 32; train a new"):
        growth.union(known, other)


def test_few_examples_of_what_is_known_and_enough_of_what_is_new() -> None:
    known = load("mnist")
    found = growth.few_shot(known, [BIM], [], 100, "Mnist-bim_1")
    assert found.name == "mnist-bim-1"
    assert growth.new(known, found) == (["bim"], [])
    each = found.counts(found.attack("bim"))
    assert each.train * 8 * 5 >= 100 > (each.train - 1) * 8 * 5
    assert each.test * 8 * 5 >= growth.TEST
    for spec in known.attacks:
        assert found.counts(found.attack(spec.name)).train == growth.REPLAYED < known.counts(spec).train
        assert found.counts(found.attack(spec.name)).test == known.counts(spec).test


def test_parts_make_each_new_cell_once_and_replay_the_known_ones() -> None:
    known = load("mnist")
    found = growth.few_shot(known, [BIM], ["tiny_a"], 20, "more")
    parts, replay = growth.additions(known, found), growth.replay(known, found)
    made = [cell for part in parts for cell in cells(part)]
    assert len(made) == len(set(made))
    assert set(made) | cells(replay) == cells(found)
    assert cells(replay) == cells(known)
    assert replay.total("test") == 0
    assert replay.has_clean
    assert not any(part.has_clean for part in parts)
    assert len({part.hash for part in (*parts, replay)}) == 3


def test_a_new_source_model_has_enough_of_the_known_attacks() -> None:
    known = load("mnist")
    found = growth.few_shot(known, [], ["tiny_a"], 300, "more")
    (part,) = growth.additions(known, found)
    assert part.victims == ["tiny_a"]
    assert part.total("train") >= 300
    assert part.total("validation") >= 300


@pytest.mark.parametrize(
    ("attacks", "victims", "words"),
    [
        ([], [], "must be named, got neither"),
        ([AttackSpec(name="pgd", intensities=BIM.intensities)], [], "attack must be new to the checkpoint, got pgd"),
        ([BIM], ["vgg16"], "source model must be new to the checkpoint, got vgg16"),
    ],
)
def test_what_is_not_new_is_refused(attacks: list[AttackSpec], victims: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        growth.few_shot(load("mnist"), attacks, victims, 20, "more")
