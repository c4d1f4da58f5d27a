"""`estimator.safetensors` beside a checkpoint: weights with their record in the header; its hash is in the card."""

from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.models.estimator import EstimatorConfig, PerturbationEstimator

SCHEMA_VERSION = 1
_RECORD = "record"


class EstimatorRecord(BaseModel):
    """What an estimator is: its architecture, and what it was trained on and how. `test_sha256` is the split of the
    checkpoint that none of its training images is in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: int = SCHEMA_VERSION
    network: EstimatorConfig
    parameters: int
    training: dict[str, Any]
    scenario_sha256: str
    data_sha256: str
    test_sha256: str
    code_version: str


def write(estimator: PerturbationEstimator, record: EstimatorRecord, card: Card) -> Card:
    """Write the estimator beside its checkpoint and its hash into the card, which is returned.

    Each file is whole at any time. Cut off between the two, the card names the old estimator still, which reading says.
    """
    path = cards.folder(card.name) / cards.ESTIMATOR
    with files.atomic(path) as temporary:
        weights = {name: tensor.detach().cpu().contiguous() for name, tensor in estimator.state_dict().items()}
        save_file(weights, temporary, {_RECORD: record.model_dump_json()})
    return cards.marked(card, estimator_sha256=files.sha256_file(path))


def read(card: Card) -> tuple[PerturbationEstimator, EstimatorRecord]:
    """The checkpoint's estimator in evaluation mode, and its record, hashes checked.

    Raises `InputError` where none was trained, `IntegrityError` where it is not what the card says.
    """
    if not card.estimator_sha256:
        hint = f"train one: mtaa estimator --checkpoint {card.name}"
        raise InputError(f"checkpoint {card.name} has no estimator of the perturbation yet; {hint}")
    again = f"train it anew: mtaa estimator --checkpoint {card.name}"
    path = cards.checked(card.name, cards.ESTIMATOR, card.estimator_sha256, again)
    record, weights = _load(path, again)
    if (record.test_sha256, record.network.channels) != (card.test_sha256, card.images.channels):
        raise IntegrityError(f"{cards.ESTIMATOR} of checkpoint {card.name} belongs to another test split; {again}")
    estimator = PerturbationEstimator(record.network)
    estimator.load_state_dict(weights)
    return estimator.to(memory_format=torch.channels_last).eval().requires_grad_(False), record


def _load(path: Path, again: str) -> tuple[EstimatorRecord, dict[str, torch.Tensor]]:
    try:
        with safe_open(path, framework="pt") as stored:
            record = EstimatorRecord.model_validate_json((stored.metadata() or {})[_RECORD])
            weights = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118, not a mapping
    except (SafetensorError, KeyError, ValidationError) as error:
        raise IntegrityError(f"{path.name} is not a whole estimator of this version; {again}") from error
    if record.schema_version != SCHEMA_VERSION:
        raise IntegrityError(f"{path.name} has schema {record.schema_version}, expected {SCHEMA_VERSION}; {again}")
    return record, weights
