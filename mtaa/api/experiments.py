"""Experiments as the app shows them: their records. Free of torch."""

from pydantic import ValidationError

from mtaa.core.errors import IntegrityError
from mtaa.experiments import read
from mtaa.experiments.ablation.record import NAME, AblationRecord
from mtaa.experiments.ablation.record import Row as AblationRow
from mtaa.experiments.record import path

__all__ = ["AblationRecord", "AblationRow", "ablation"]


def ablation() -> AblationRecord | None:
    """What each part of the network is worth; None where it was not measured.

    Raises `IntegrityError` where the record can't be read.
    """
    where = path(NAME)
    if not where.is_file():
        return None
    try:
        found = read(NAME)
    except ValidationError as error:
        raise IntegrityError(
            f"{where.name} is not a record of this version; make it anew: mtaa experiment {NAME}"
        ) from error
    assert isinstance(found, AblationRecord)
    return found
