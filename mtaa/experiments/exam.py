"""Held-out examples, what a network gets right of them, and how two networks differ on the same ones."""

from dataclasses import dataclass

import numpy as np

from mtaa.attacks import ATTACKS
from mtaa.core import card as cards
from mtaa.core.errors import InputError
from mtaa.core.labels import CLEAN
from mtaa.core.units import UnitName
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import data_hash, read_export, read_split
from mtaa.evaluation import metrics, paired
from mtaa.evaluation.estimator import check_apart
from mtaa.evaluation.predict import Predictions
from mtaa.evaluation.record import Figure
from mtaa.experiments.learning import Change
from mtaa.scenario.record import Scenario

Labels = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Exam:
    """`examples` and the attacks' and victims' `labels`; `sha256` is that of the file, or of the scenario's data."""

    examples: Examples
    labels: Labels
    sha256: str

    def of(self, unit: UnitName) -> np.ndarray:
        """Which examples (n,) bool have an intensity in this unit."""
        attacks = self.labels[0]
        theirs = [k for k, name in enumerate(attacks) if name != CLEAN and ATTACKS[name].unit == unit]
        return np.isin(self.examples.attack, theirs)

    @property
    def attacked(self) -> np.ndarray:
        """Which examples (n,) bool are adversarial."""
        attacks = self.labels[0]
        return self.examples.attack != (attacks.index(CLEAN) if CLEAN in attacks else -1)


def open_exam(scenario: Scenario, checkpoint: str | None, train: Examples) -> Exam:
    """The test split of `checkpoint`, or the scenario's own.

    Raises `InputError` where its labels or images are not those of `train`, or some of its source images are in it.
    """
    labels = scenario.attack_labels, scenario.victim_labels
    if checkpoint is None:
        return Exam(read_split(scenario, "test"), labels, data_hash(scenario))
    card = cards.read(checkpoint)
    if (card.attacks, card.victims) != labels:
        raise InputError(f"checkpoint {checkpoint} must have the labels of scenario {scenario.name}; take its own test")
    check_apart(card, train)
    path = cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256)
    return Exam(read_export(path, *labels), labels, card.test_sha256)


def figures(exam: Exam, said: Predictions) -> dict[str, Figure]:
    """attack_accuracy, victim_accuracy, false_alarm_rate; intensity_rmse, epsilon_rmse, kappa_rmse: those there are."""
    truth, found = exam.examples, named(exam, said)
    for name, chosen in _sizes(exam).items():
        true = truth.intensity[chosen]
        floor = metrics.constant_rmse(true)
        found[name] = metrics.rmse(said.intensity[chosen], true, truth.source[chosen], floor)
    return found


def named(exam: Exam, said: Predictions) -> dict[str, Figure]:
    """Of `figures` those that need no intensity."""
    floors = {"attack_accuracy": exam.examples.attack, "victim_accuracy": exam.examples.victim}
    found = {}
    for name, (chosen, right) in _shares(exam, said).items():
        floor = metrics.majority(floors[name][chosen]) if name in floors else None
        found[name] = metrics.accuracy(right[chosen], floor)
    return found


def changes(exam: Exam, reference: Predictions, said: Predictions) -> dict[str, Change]:
    """The same figures of `said` less those of `reference`."""
    truth, own = exam.examples, _shares(exam, reference)
    found = {
        name: paired.of_shares(own[name][1][chosen], right[chosen])
        for name, (chosen, right) in _shares(exam, said).items()
    }
    for name, chosen in _sizes(exam).items():
        first, second = (one.intensity[chosen] - truth.intensity[chosen] for one in (reference, said))
        found[name] = paired.of_rmses(first, second, truth.source[chosen])
    return {
        name: Change(value=round(one.value, 4), low=round(one.low, 4), high=round(one.high, 4))
        for name, one in found.items()
    }


def _shares(exam: Exam, said: Predictions) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By figure, which examples it is of (n,) bool, and of which of all it holds (n,) bool."""
    truth, attacked = exam.examples, exam.attacked
    right = said.attack == truth.attack
    found = {
        "attack_accuracy": (np.ones(len(truth), bool), right),
        "victim_accuracy": (attacked, said.victim == truth.victim),
        "false_alarm_rate": (~attacked, ~right),
    }
    return {name: pair for name, pair in found.items() if pair[0].any()}


def _sizes(exam: Exam) -> dict[str, np.ndarray]:
    """By figure, the examples (n,) bool whose errors of intensity it is of."""
    found = {"intensity_rmse": exam.attacked, "epsilon_rmse": exam.of("1/255"), "kappa_rmse": exam.of("logits")}
    return {name: chosen for name, chosen in found.items() if chosen.any()}
