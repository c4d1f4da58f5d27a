"""A part of a scenario: some of its attacks on some of its source models, with or without what nobody attacked."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.core.labels import CLEAN, NOBODY
from mtaa.dataset.examples import Examples
from mtaa.experiments.exam import Exam
from mtaa.experiments.trained import Labels, Material


@dataclass(frozen=True)
class Portion:
    """The labels that are left: `attacks` and `victims` by name, and the clean class where there is one."""

    attacks: list[str]
    victims: list[str]

    def __post_init__(self) -> None:
        for kind, names in (("attack", self.attacks), ("source model", self.victims)):
            if not [name for name in names if name not in (CLEAN, NOBODY)]:
                raise InputError(f"part of a scenario must have at least one {kind}, got none; name one")

    @property
    def labels(self) -> Labels:
        """Attack and victim classes in the scenario's order."""
        return self.attacks, self.victims

    def material(self, whole: Material) -> Material:
        """What of `whole` networks may learn from. Its pixels stay where they are."""
        if self.labels == whole.labels:
            return whole
        train, validation = (self._of(examples, whole.labels) for examples in (whole.train, whole.validation))
        return Material(train, validation, self.labels, files.canonical_hash([whole.sha256, *self.labels]))

    def exam(self, whole: Exam) -> Exam:
        """What of `whole` they are examined on."""
        return (
            whole
            if self.labels == whole.labels
            else Exam(self._of(whole.examples, whole.labels), self.labels, whole.sha256)
        )

    def _of(self, examples: Examples, labels: Labels) -> Examples:
        attack, victim = (_places(had, kept) for had, kept in zip(labels, self.labels, strict=True))
        chosen = np.flatnonzero((attack[examples.attack] >= 0) & (victim[examples.victim] >= 0))
        seen = examples.view(chosen)
        return dataclasses.replace(seen, attack=attack[seen.attack], victim=victim[seen.victim])


def part(
    labels: Labels, attacks: list[str] | None = None, victims: list[str] | None = None, clean: bool = True
) -> Portion:
    """Of a scenario's `labels` those named, by default all, in its own order.

    Raises `InputError` for a name that it has not, or `clean` where it has no such class.
    """
    if clean and CLEAN not in labels[0]:
        raise InputError("scenario must have clean images to count false alarms on, got none; add `clean:` to it")
    kept = []
    for had, named, nobody in zip(labels, (attacks, victims), (CLEAN, NOBODY), strict=True):
        for name in named or []:
            if name not in had:
                raise InputError(f"part must be of the scenario's labels, got {name}; they are {', '.join(had)}")
        kept.append([name for name in had if (clean if name == nobody else named is None or name in named)])
    return Portion(*kept)


def _places(had: list[str], kept: list[str]) -> np.ndarray:
    """Where each of `had` is among `kept`, int64; -1 for those left out."""
    return np.array([kept.index(name) if name in kept else -1 for name in had])
