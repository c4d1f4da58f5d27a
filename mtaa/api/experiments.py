"""Experiments as the app shows them: their records. Free of torch."""

from mtaa.experiments import made
from mtaa.experiments.ablation.record import NAME, AblationRecord
from mtaa.experiments.ablation.record import Row as AblationRow

__all__ = ["AblationRecord", "AblationRow", "ablation"]


def ablation() -> AblationRecord | None:
    """What each part of the network is worth; None where it was not measured.

    Raises `IntegrityError` where the record can't be read.
    """
    found = made(NAME)
    assert found is None or isinstance(found, AblationRecord)
    return found
