"""What lies among the known examples is usual, what lies apart from them is not, whatever its embedding's length."""

import numpy as np
import pytest

from mtaa.core.strange import UNUSUAL, doubts
from mtaa.core.verdict import Strangeness
from mtaa.signatures import strangeness
from mtaa.signatures.atlas import Atlas
from mtaa.signatures.strangeness import Acquaintance, directions, distance
from tests.made_up_card import made_up_card
from tests.signature_sets import large


def clustered(count: int = 200) -> Atlas:
    """An atlas whose embeddings lie around a direction for each attack, and for each source model."""
    atlas = large(made_up_card(), count, 16)
    for task, labels in (("attack", atlas.attack), ("victim", atlas.victim)):
        atlas.embeddings[task] = (4 * np.eye(16)[labels] + 0.5 * atlas.embeddings[task]).astype(np.float16)
    return atlas


@pytest.fixture(scope="module")
def known() -> Acquaintance:
    return Acquaintance.of(clustered())


def test_distance_is_to_the_five_nearest_and_knows_no_length() -> None:
    known = np.eye(8, dtype=np.float32)
    asked = np.vstack([known[0], 3 * known[0], -known[1]])
    np.testing.assert_allclose(distance(known, directions(asked)), [0.8, 0.8, 1.0], atol=1e-6)


def test_known_examples_spread_over_all_shares_and_a_stranger_lies_beyond(known: Acquaintance) -> None:
    for task in strangeness.TASKS:
        said = known.said[task]
        assert len(known.own[task]) == len(said) == len(known.known[task])
        apart = -known.known[task].sum(0, keepdims=True)
        assert known.nearer(task, apart, said[:1])[0] == 1
        assert known.nearer(task, known.known[task], said).mean() < 0.5  # each is its own neighbour
    assert len(known.known["victim"]) < len(known.known["attack"])  # clean ones have no source model


def test_examples_of_the_same_image_are_no_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    atlas = clustered()
    atlas.source[1::2] = atlas.source[::2]
    atlas.embeddings["attack"][1::2] = atlas.embeddings["attack"][::2]
    monkeypatch.setattr(strangeness, "NEIGHBOURS", 1)
    assert Acquaintance.of(atlas).own["attack"].min() > 1e-4


def test_shares_are_of_those_named_alike_unless_they_are_few(known: Acquaintance) -> None:
    wide = Acquaintance(known.known, {"attack": known.own["attack"] + 9.0 * (known.said["attack"] == 1)}, known.said)
    apart = -known.known["attack"].sum(0, keepdims=True)
    assert wide.nearer("attack", apart, np.array([0])) == 1
    assert wide.nearer("attack", apart, np.array([1])) == 0
    assert 0 < wide.nearer("attack", apart, np.array([7])) < 1  # of no known attack


def test_a_large_set_is_compared_with_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangeness, "LARGEST", 20)
    assert len(Acquaintance.of(clustered()).own["attack"]) == 20


def test_only_the_unusual_is_doubted() -> None:
    assert doubts(Strangeness(attack=UNUSUAL - 0.01, victim=0.5)) == []
    assert doubts(Strangeness(attack=0.2)) == []
    attack, victim = doubts(Strangeness(attack=0.999, victim=1.0))
    assert "than 99.9% of those named alike" in attack
    assert "an attack, or a kind of picture" in attack
    assert "a model that this checkpoint does not know" in victim
