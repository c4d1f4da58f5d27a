"""Examples of several scenarios as those of one: labels by name, no image of another split, an even choice of few."""

import dataclasses

import numpy as np

from mtaa.dataset.examples import Examples
from mtaa.scenario.record import Scenario


def relabelled(examples: Examples, own: Scenario, wanted: Scenario) -> Examples:
    """The examples of scenario `own` with their labels as places among those of `wanted`, which has them all."""
    attack = np.array([wanted.attack_labels.index(name) for name in own.attack_labels], np.int64)
    victim = np.array([wanted.victim_labels.index(name) for name in own.victim_labels], np.int64)
    return dataclasses.replace(examples, attack=attack[examples.attack], victim=victim[examples.victim])


def joined(parts: list[Examples]) -> Examples:
    """All examples of `parts`, one part after the other, in memory."""
    fields = (field.name for field in dataclasses.fields(Examples))
    return Examples(*(np.concatenate([getattr(part, name) for part in parts]) for name in fields))


def without(examples: Examples, sources: np.ndarray) -> Examples:
    """The examples of none of the source images `sources` (k,) str."""
    return examples.take(np.flatnonzero(~np.isin(examples.source, sources)))


def drawn(examples: Examples, most: int, seed: int) -> np.ndarray:
    """Places, ascending, of `most` examples (all, where there are no more), drawn evenly over attacks and victims.

    Cells that have too few give all they have, and the others make up for them.
    """
    order = np.random.default_rng(seed).permutation(len(examples))
    cell = examples.attack[order] * (examples.victim.max(initial=0) + 1) + examples.victim[order]
    turn = np.empty(len(order), np.int64)  # how many of its cell come before it
    for one in np.unique(cell):
        mine = np.flatnonzero(cell == one)
        turn[mine] = np.arange(len(mine))
    return np.sort(order[np.lexsort((np.arange(len(order)), turn))[:most]])
