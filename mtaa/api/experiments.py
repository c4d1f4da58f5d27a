"""Experiments as the app shows them: their records. Free of torch."""

from dataclasses import dataclass

from mtaa.experiments import EXPERIMENTS, made, read
from mtaa.experiments.ablation.record import NAME, AblationRecord
from mtaa.experiments.ablation.record import Row as AblationRow
from mtaa.experiments.record import path

__all__ = ["AblationRecord", "AblationRow", "Experimented", "ablation", "experiment", "experiments"]


@dataclass(frozen=True)
class Experimented:
    """An experiment by name, the question that it answers, and whether it has a record here."""

    name: str
    title: str
    description: str
    is_made: bool


def experiments() -> list[Experimented]:
    """All of them, those with a record first."""
    found = [Experimented(one.name, one.title, one.description, path(one.name).is_file()) for one in EXPERIMENTS]
    return sorted(found, key=lambda one: not one.is_made)


def experiment(name: str) -> str:
    """The tables of an experiment's record, in Markdown.

    Raises `UnknownNameError`, `InputError` where it was not measured, or `IntegrityError` where it can't be read.
    """
    return EXPERIMENTS[name].text(read(name))


def ablation() -> AblationRecord | None:
    """What each part of the network is worth; None where it was not measured.

    Raises `IntegrityError` where the record can't be read.
    """
    found = made(NAME)
    assert found is None or isinstance(found, AblationRecord)
    return found
