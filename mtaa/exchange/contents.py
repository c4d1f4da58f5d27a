"""What an exported checkpoint consists of, and how large each part may be."""

from mtaa.core import card as cards
from mtaa.core.card import Card

# Bytes. An ImageNet network with two branches of ResNet101 has 0.3 GB of weights.
LARGEST = {
    cards.CARD: 4 * 10**6,
    cards.SCENARIO: 64 * 10**3,
    cards.WEIGHTS: 2 * 10**9,
    cards.TEST_SPLIT: 2 * 10**9,
    cards.SIGNATURES: 10**9,
    cards.ESTIMATOR: 10**9,
}
# A checkpoint's weights and pixels hardly shrink: what grows by more than this is made to fill the disk.
LARGEST_EXPANSION = 8


def members(card: Card) -> list[str]:
    """The files that belong to a checkpoint, in the order they are packed."""
    return [cards.CARD, cards.SCENARIO, *digests(card)]


def digests(card: Card) -> dict[str, str]:
    """SHA-256 by file, of those whose bytes the card vouches for; of the scenario it vouches for the meaning."""
    added = {cards.SIGNATURES: card.signatures_sha256, cards.ESTIMATOR: card.estimator_sha256}
    made = {file: digest for file, digest in added.items() if digest}
    return {cards.WEIGHTS: card.weights_sha256, cards.TEST_SPLIT: card.test_sha256, **made}
