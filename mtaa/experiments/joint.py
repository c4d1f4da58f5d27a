"""One label for all: attack and source model together, or with the strength too, as works before the paper have it."""

import dataclasses
from functools import cached_property

import numpy as np

from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.dataset.examples import Examples
from mtaa.evaluation.predict import Predictions
from mtaa.experiments.trained import Labels, Material

_ALIKE = 1e-3


@dataclasses.dataclass(frozen=True)
class Joint:
    """The classes that are made of `labels`, attacks and victims: all pairs, or, where `grids` has the intensities of
    each attack, all pairs with each of its intensities."""

    labels: Labels
    grids: dict[str, list[float]] | None = None

    @cached_property
    def classes(self) -> list[tuple[int, int, float]]:
        """Attack, victim and intensity of each class; the intensity is NaN where it is not in the label."""
        attacks, victims = self.labels
        grids = self.grids or {name: [np.nan] for name in attacks}
        return [
            (attack, victim, value)
            for attack, name in enumerate(attacks)
            for victim in range(len(victims))
            for value in grids[name]
        ]

    @property
    def names(self) -> list[str]:
        """The classes in words."""
        (attacks, victims), graded = self.labels, self.grids is not None
        return [f"{attacks[a]} {victims[v]}" + (f" {value:g}" if graded else "") for a, v, value in self.classes]

    def of(self, attack: np.ndarray, victim: np.ndarray, intensity: np.ndarray) -> np.ndarray:
        """The class (n,) int64 of labels (n,), of the nearest intensity of the attack's grid."""
        attacks, victims, values = (np.array(column) for column in zip(*self.classes, strict=True))
        found = np.empty(len(attack), np.int64)
        for pair in np.unique(np.stack([attack, victim], 1), axis=0):
            mine, there = (attack == pair[0]) & (victim == pair[1]), (attacks == pair[0]) & (victims == pair[1])
            gaps = np.abs(intensity[mine, None] - np.nan_to_num(values[there]))
            found[mine] = np.flatnonzero(there)[gaps.argmin(1)]
        return found

    def check(self, examples: Examples) -> None:
        """Raises `InputError` where an intensity is none of the label's, so that the nearest would say too little."""
        for attack, name in enumerate(self.labels[0]):
            values = np.unique(examples.intensity[examples.attack == attack])
            known = np.array([value for place, _, value in self.classes if place == attack], np.float32)
            if strange := [value for value in values if np.abs(known - value).min() > _ALIKE]:
                raise InputError(
                    f"test examples must have intensities that the labels name, got {name} of {strange[0]:g}; take the "
                    "scenario's own test split, without --checkpoint"
                )

    def material(self, whole: Material) -> Material:
        """`whole` with the classes in the attacks' place."""
        train, validation = (self._of(examples) for examples in (whole.train, whole.validation))
        return Material(
            train, validation, (self.names, whole.labels[1]), files.canonical_hash([whole.sha256, self.names])
        )

    def read(self, said: Predictions) -> Predictions:
        """What a network that names classes says of attack, victim and intensity, one certain answer each."""
        attack, victim, value = (np.array(column)[said.attack] for column in zip(*self.classes, strict=True))
        attacks, victims = (np.eye(len(names), dtype=np.float32) for names in self.labels)
        return Predictions(attacks[attack], victims[victim], value.astype(np.float32))

    def _of(self, examples: Examples) -> Examples:
        return dataclasses.replace(examples, attack=self.of(examples.attack, examples.victim, examples.intensity))
