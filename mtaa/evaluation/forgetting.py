"""What a checkpoint that started from another has forgotten and learnt: both networks on the same test examples."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mtaa.core import device as devices
from mtaa.core.growth import Growth, Shift, Told
from mtaa.core.intervals import wilson
from mtaa.core.labels import CLEAN
from mtaa.dataset.examples import Examples
from mtaa.evaluation import paired
from mtaa.evaluation.predict import Predictions, predict
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network
from mtaa.training.ground import Ground, Parts
from mtaa.training.labelled import read as read_labelled
from mtaa.training.labelled import told


@dataclass(frozen=True)
class Origin:
    """What a checkpoint started from, and what it was trained and measured on beside that."""

    ground: Ground
    parts: Parts


def growth(origin: Origin, network: Mtaa, test: Examples, said: Predictions) -> Growth:
    """Measure `network` on the test examples of the checkpoint it started from; `said` is of its own `test`.

    Both networks work on the CPU, so that the old figures are the old card's.
    """
    ground, place = origin.ground, devices.pick("cpu")
    examples, labelled = ground.test(), origin.parts.labelled
    if labelled is not None:
        images = read_labelled(labelled, labelled.held_out)
        labelled = told(labelled, ground.labels[0], predict(network, images, place).attack)
    before, after = (predict(one, examples.images, place) for one in (load_network(ground.card), network))
    found = compared(origin, examples, before, after, test, said)
    return found.model_copy(update={"labelled": labelled})


def compared(
    origin: Origin, examples: Examples, before: Predictions, after: Predictions, test: Examples, said: Predictions
) -> Growth:
    """The figures of what the old and the new network say of the old test `examples`, and the new one of its `test`."""
    ground = origin.ground
    card, labels = ground.card, ground.labels
    attacks, victims = (
        np.array([new.index(name) for name in old])
        for new, old in zip(labels, (card.attacks, card.victims), strict=True)
    )
    shifts = _Shifts(
        examples,
        (attacks[examples.attack], victims[examples.victim]),
        _Said(attacks[before.attack], victims[before.victim], before.intensity),
        _Said(after.attack, after.victim, after.intensity),
    )
    clean = labels[0].index(CLEAN) if CLEAN in labels[0] else -1
    attacked = shifts.true[0] != clean
    figures = {
        "attack_accuracy": shifts.right("attack", np.ones(len(attacked), bool)),
        "victim_accuracy": shifts.right("victim", attacked),
        "intensity_rmse": shifts.error(attacked),
    }
    if not attacked.all():
        figures["false_alarm_rate"] = shifts.share(shifts.old.attack != clean, shifts.new.attack != clean, ~attacked)
        figures["missed_rate"] = shifts.share(shifts.old.attack == clean, shifts.new.attack == clean, attacked)
    by_attack = {}
    for name in card.attacks:
        mine = shifts.true[0] == labels[0].index(name)
        if mine.any():
            by_attack[name] = {"attack_accuracy": shifts.right("attack", mine)}
            if name != CLEAN:
                by_attack[name]["victim_accuracy"] = shifts.right("victim", mine)
                by_attack[name]["intensity_rmse"] = shifts.error(mine)
    parts = origin.parts
    return Growth(
        start=card.name,
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        replayed=len(parts.replay),
        attacks=_told(labels[0], card.attacks, test.attack, said.attack, parts.fresh.attack),
        victims=_told(labels[1], card.victims, test.victim, said.victim, parts.fresh.victim),
        figures=figures,
        by_attack=by_attack,
    )


@dataclass(frozen=True)
class _Said:
    """Places among the new labels (n,), and intensities (n,)."""

    attack: np.ndarray
    victim: np.ndarray
    intensity: np.ndarray


@dataclass(frozen=True)
class _Shifts:
    """The examples, their true labels as places among the new ones, and what both networks say of them."""

    test: Examples
    true: tuple[np.ndarray, np.ndarray]
    old: _Said
    new: _Said

    def right(self, head: Literal["attack", "victim"], chosen: np.ndarray) -> Shift:
        """The share named right, of the examples `chosen` (n,) bool."""
        true = self.true[0 if head == "attack" else 1]
        return self.share(getattr(self.old, head) == true, getattr(self.new, head) == true, chosen)

    def share(self, old: np.ndarray, new: np.ndarray, chosen: np.ndarray) -> Shift:
        """The share for which `old` and then `new` (n,) bool hold."""
        difference = paired.of_shares(old[chosen], new[chosen])
        return _shift(float(old[chosen].mean()), float(new[chosen].mean()), difference, int(chosen.sum()))

    def error(self, chosen: np.ndarray) -> Shift:
        """The RMSE of the intensity."""
        true, source = self.test.intensity[chosen], self.test.source[chosen]
        before, after = (said.intensity[chosen].astype(np.float64) - true for said in (self.old, self.new))
        old, new = (float(np.sqrt(np.mean(errors**2))) for errors in (before, after))
        return _shift(old, new, paired.of_rmses(before, after, source), len(true))


def _shift(before: float, after: float, difference: paired.Difference, count: int) -> Shift:
    return Shift(
        before=round(before, 4),
        after=round(after, 4),
        difference=round(difference.value, 4),
        low=round(difference.low, 4),
        high=round(difference.high, 4),
        count=count,
    )


def _told(
    labels: list[str], known: list[str], true: np.ndarray, said: np.ndarray, trained_on: np.ndarray
) -> dict[str, Told]:
    """Of each label that is not known: true and said places of the test examples (n,), true ones of the training."""
    found = {}
    for place, name in enumerate(labels):
        mine = said[true == place]
        if name in known or not len(mine):
            continue
        right = int((mine == place).sum())
        low, high = wilson(right, len(mine))
        others = Counter(labels[other] for other in mine.tolist() if other != place)
        found[name] = Told(
            right=round(right / len(mine), 4),
            low=round(low, 4),
            high=round(high, 4),
            count=len(mine),
            trained_on=int((trained_on == place).sum()),
            taken_for=dict(others.most_common()),
        )
    return found
