"""What the attribution network says of images, held against the truth and against our own example of each."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter, minimum_filter

from mtaa.core.card import Card
from mtaa.dataset.examples import Examples
from mtaa.evaluation.predict import Predictions
from mtaa.experiments.faithfulness.parts import Made

FLAT_SIDE = 9


@dataclass(frozen=True)
class Answers:
    """What the attribution network says of n images, and what they are. All (n,).

    attack_right, victim_right, fooled, reached: bool. predicted: intensity in label units. margin: in logits, after
    rounding. unchanged: bool, the image equals the clean one. equal_flat of flat pixels, and equal_elsewhere of the
    others, elsewhere in number, equal our own example's.
    """

    attack_right: np.ndarray
    victim_right: np.ndarray
    predicted: np.ndarray
    fooled: np.ndarray
    reached: np.ndarray
    margin: np.ndarray
    unchanged: np.ndarray
    flat: np.ndarray
    equal_flat: np.ndarray
    elsewhere: np.ndarray
    equal_elsewhere: np.ndarray

    def take(self, chosen: np.ndarray) -> "Answers":
        """Those at the places, or where the mask, `chosen`."""
        return Answers(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Truths:
    """Of the same n images, (n,): attack and victim as places in their labels, intensity asked for, source image,
    and whether that intensity is an ε."""

    attack: np.ndarray
    victim: np.ndarray
    intensity: np.ndarray
    source: np.ndarray
    is_epsilon: np.ndarray

    def take(self, chosen: np.ndarray) -> "Truths":
        """Those at the places, or where the mask, `chosen`."""
        return Truths(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def truths(examples: Examples, card: Card) -> Truths:
    """Those of test examples."""
    in_grey_levels = np.array([card.units.get(name) == "1/255" for name in card.attacks])
    return Truths(
        examples.attack, examples.victim, examples.intensity, examples.source, in_grey_levels[examples.attack]
    )


def of_part(asked_for: Examples, made: Made, said: Predictions) -> Answers:
    """Those on a part, made again of the test examples `asked_for`."""
    equal, flat = made.images == asked_for.images, _flat(asked_for.clean)
    return Answers(
        attack_right=said.attack == asked_for.attack,
        victim_right=said.victim == asked_for.victim,
        predicted=said.intensity,
        fooled=made.fooled,
        reached=made.reached,
        margin=made.margin,
        unchanged=(made.images == asked_for.clean).reshape(len(made.images), -1).all(1),
        flat=_pixels(flat),
        equal_flat=_pixels(flat & equal),
        elsewhere=_pixels(~flat),
        equal_elsewhere=_pixels(~flat & equal),
    )


def own(examples: Examples, said: Predictions) -> Answers:
    """Our own test examples; their `achieved` is the margin where the attack has a κ."""
    stored = Made(examples.images, examples.reached, examples.fooled, examples.achieved, seconds=0.0)
    return of_part(examples, stored, said)


def _flat(images: np.ndarray) -> np.ndarray:
    """Where images (n, C, H, W) have one grey level throughout the 9 × 9 pixels around."""
    window = (1, 1, FLAT_SIDE, FLAT_SIDE)
    found: np.ndarray = maximum_filter(images, window, mode="nearest") == minimum_filter(images, window, mode="nearest")
    return found


def _pixels(mask: np.ndarray) -> np.ndarray:
    count: np.ndarray = mask.reshape(len(mask), -1).sum(1)
    return count
