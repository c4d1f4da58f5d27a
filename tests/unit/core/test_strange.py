"""An image far from the known is said to be unusual, and a change found in it to be what may make it so."""

from mtaa.core.strange import doubts
from mtaa.core.verdict import Strangeness


def test_what_lies_among_the_known_is_not_doubted() -> None:
    assert doubts(Strangeness(attack=0.979, victim=None)) == []


def test_a_change_may_be_what_is_strange() -> None:
    found = Strangeness(attack=0.99, victim=0.999)
    attack, victim = doubts(found)
    assert "99.0% of those named alike" in attack
    assert attack.endswith("that this checkpoint does not know.")
    assert victim.endswith("a model that this checkpoint does not know.")
    for sentence in doubts(found, is_changed=True):
        assert sentence.endswith("does not know, or the change found in it is what is strange.")
