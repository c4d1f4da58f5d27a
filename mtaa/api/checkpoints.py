"""Checkpoints as things one has: which is active, how good each is, how they leave and arrive. Free of torch.

Importing one loads torch, to lay its network out.
"""

import io

from mtaa.core import active as actives
from mtaa.core import card as cards
from mtaa.core.active import Change
from mtaa.core.card import Card
from mtaa.core.errors import IntegrityError
from mtaa.core.survival import Marks, Survival, Survived
from mtaa.evaluation import record as records
from mtaa.evaluation.record import Bin, EvaluationRecord, Figure, Reliability

__all__ = [
    "Bin",
    "Change",
    "EvaluationRecord",
    "Figure",
    "Marks",
    "Reliability",
    "Survival",
    "Survived",
    "activate",
    "active_checkpoint",
    "changes",
    "delete_checkpoint",
    "earlier_checkpoint",
    "evaluation",
    "export_checkpoint",
    "import_checkpoint",
    "is_bundled",
    "roll_back",
]


def active_checkpoint() -> str:
    """The checkpoint that judges where none is named. Raises `InputError` or `IntegrityError` where there is none."""
    return actives.active()


def earlier_checkpoint() -> str | None:
    """The checkpoint that rolling back returns to, if any."""
    return actives.earlier()


def changes() -> list[Change]:
    """Which checkpoint was made active, when and by whom; oldest first."""
    return actives.history()


def activate(name: str, who: str = "") -> None:
    """Make a checkpoint active. Raises `UnknownNameError` or `IntegrityError`."""
    actives.activate(name, who)


def roll_back(who: str = "") -> None:
    """Make the one before active again. Raises `InputError` where there is none."""
    actives.roll_back(who)


def is_bundled(name: str) -> bool:
    """Whether it came with the repository."""
    return name in cards.BUNDLED


def delete_checkpoint(name: str) -> None:
    """Delete a checkpoint. Raises `InputError` for a bundled and for the active one."""
    actives.delete(name)


def export_checkpoint(name: str) -> bytes:
    """The checkpoint as a zip. Raises `UnknownNameError` or `IntegrityError`."""
    from mtaa.exchange import pack

    return pack.as_zip(name)


def import_checkpoint(data: bytes, name: str | None = None) -> Card:
    """Take in a zip that was exported, under `name` or its own. Raises `InputError` with what is wrong with it."""
    from mtaa.exchange import unpack

    return unpack.from_zip(io.BytesIO(data), name)


def evaluation(card: Card) -> EvaluationRecord | None:
    """The record of a checkpoint's evaluation; None where none was made.

    Raises `IntegrityError` where it can't be read or is of other weights.
    """
    path = records.path(card.name)
    if not path.is_file():
        return None
    found = records.read(path)
    if (found.weights_sha256, found.test_sha256) != (card.weights_sha256, card.test_sha256):
        raise IntegrityError(
            f"{path.name} is of other weights than checkpoint {card.name}; make it anew: "
            f"mtaa evaluate --checkpoint {card.name}"
        )
    return found
