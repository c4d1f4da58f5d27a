"""Is a reference that is not the original noticed, and the true one left in peace?"""

import numpy as np
import torch

from mtaa.attribution.conclude import conclude
from mtaa.attribution.informed import doubts
from mtaa.core import seeds
from mtaa.core.card import Card
from mtaa.dataset.examples import Examples
from mtaa.evaluation import metrics
from mtaa.evaluation.predict import predict
from mtaa.experiments.reattack.record import NAME, Original
from mtaa.images.measures import compare
from mtaa.models.network import Mtaa

GIVEN = ("true", "other", "shifted")


def originals(card: Card, examples: Examples, network: Mtaa, seed: int, place: torch.device) -> list[Original]:
    """Every test example with its true original, with another's, and with its own moved by a pixel.

    But controls: their originals differ from them though nobody attacked, and are doubted for it.
    """
    examples = examples.take(np.flatnonzero(examples.control == ""))
    said = predict(network, examples.images, place)
    others = np.random.default_rng(seeds.derive(NAME, seed, "originals")).permutation(len(examples))
    doubted = np.zeros((len(examples), len(GIVEN)), bool)
    for row in range(len(examples)):
        inferred, _ = conclude(card, said.attack_logits[row], said.victim_logits[row], float(said.intensity[row]))
        clean = examples.clean[row]
        for column, reference in enumerate((clean, examples.clean[others[row]], np.roll(clean, 1, axis=2))):
            doubted[row, column] = bool(doubts(card, inferred, compare(examples.images[row], reference, "")))
    # Drawn for itself, or for another example of its own image, an original is no other picture.
    strange = examples.source[others] != examples.source
    return [
        Original.model_validate(
            {
                "attack": attack,
                "given": given,
                "doubted": metrics.accuracy(
                    doubted[(examples.attack == number) & (strange | (given != "other")), column]
                ),
            }
        )
        for number, attack in enumerate(card.attacks)
        for column, given in enumerate(GIVEN)
        if (examples.attack == number).any()
    ]
