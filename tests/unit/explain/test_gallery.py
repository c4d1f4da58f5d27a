"""The gallery shows true perturbations of the test split, one a pair of attack and source model."""

from pathlib import Path

import numpy as np
import pytest

from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.core.errors import IntegrityError
from mtaa.explain.gallery import patterns
from tests.signature_sets import install, made_up
from tests.unit.signatures.conftest import CARD


@pytest.fixture
def mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    """The card of a checkpoint with a test split of known examples."""
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path))
    (tmp_path / CARD.name).mkdir()
    (tmp_path / CARD.name / cards.CARD).write_text(CARD.model_dump_json(), encoding="utf-8")
    return install(CARD, tmp_path / CARD.name)


def test_each_pair_has_one_at_the_strength_asked_for(mapped: Card) -> None:
    found = patterns(mapped, 0.5, 0)
    assert [(one.attack, one.victim) for one in found] == [
        (attack, victim) for attack in ("fgsm", "cw") for victim in ("vgg16", "resnet18")
    ]
    for one in found:
        low, high = CARD.intensity_grids[one.attack]
        assert low <= one.intensity <= high


def test_values_are_the_signed_difference(mapped: Card) -> None:
    examples, _ = made_up(CARD)
    for one in patterns(mapped, 1.0, 0):
        (place,) = np.flatnonzero(examples.source == one.source)
        expected = examples.images[place].astype(int) - examples.clean[place]
        assert (one.values == expected).all()
        assert mapped.attacks[examples.attack[place]] == one.attack
        assert mapped.victims[examples.victim[place]] == one.victim
        mine = (examples.attack == examples.attack[place]) & (examples.victim == examples.victim[place])
        assert one.intensity == examples.intensity[mine].max()


def test_numbers_go_round(mapped: Card) -> None:
    assert patterns(mapped, 0.5, 0)[0].source == patterns(mapped, 0.5, 1)[0].source  # one example of that intensity


def test_another_test_split_than_the_cards_is_refused(mapped: Card) -> None:
    path: Path = cards.folder(mapped.name) / cards.TEST_SPLIT
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(IntegrityError, match=r"test\.parquet of checkpoint made-up"):
        patterns(mapped, 0.5, 0)
