import numpy as np
import pytest

from mtaa.dataset.examples import Examples
from mtaa.dataset.joining import drawn, joined, relabelled, without
from mtaa.scenario import load


def examples(attack: list[int], victim: list[int]) -> Examples:
    """Examples whose pixels and sources are their numbers."""
    count = len(attack)
    pixels = np.arange(count, dtype=np.uint8)[:, None, None, None]
    numbers, flags = np.arange(count, dtype=np.float32), np.ones(count, bool)
    names = np.arange(count).astype(str)
    labels = np.array(attack, np.int64), np.array(victim, np.int64)
    return Examples(pixels, pixels, *labels, numbers, numbers, flags, flags, names, np.full(count, ""))


def test_labels_move_by_name() -> None:
    wanted = load("mnist")
    own = wanted.model_copy(
        update={"attacks": wanted.attacks[::-1], "victims": ["vgg16"], "clean": None, "controls": []}
    )
    found = relabelled(examples([0, 1, 2], [0, 0, 0]), own, wanted)
    assert [wanted.attack_labels[place] for place in found.attack] == own.attack_labels
    assert {wanted.victim_labels[place] for place in found.victim} == {"vgg16"}


def test_joined_parts_follow_each_other_and_sources_are_left_out() -> None:
    both = joined([examples([0, 0], [0, 1]), examples([1], [1])])
    assert both.attack.tolist() == [0, 0, 1]
    assert both.images[:, 0, 0, 0].tolist() == [0, 1, 0]
    assert without(both, np.array(["0", "7"])).source.tolist() == ["1"]


@pytest.mark.parametrize("most", [3, 12, 40, 100])
def test_few_are_drawn_evenly_and_the_same_for_the_same_seed(most: int) -> None:
    attack, victim = [0] * 30 + [1] * 18 + [1] * 2, [0] * 30 + [0] * 18 + [1] * 2
    every = examples(attack, victim)
    places = drawn(every, most, seed=1)
    assert len(places) == len(np.unique(places)) == min(most, 50)
    assert places.tolist() == drawn(every, most, seed=1).tolist()
    taken = every.take(places)
    counts = [int(((taken.attack == a) & (taken.victim == v)).sum()) for a, v in ((0, 0), (1, 0), (1, 1))]
    if most <= 40:
        assert abs(counts[0] - counts[1]) <= 1 or counts[1] == 18
    assert counts[2] == min(2, most // 3)
