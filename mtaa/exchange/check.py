"""Whether the files of a draft are one checkpoint: the card's form, every hash, and that all of it fits together."""

import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from pydantic import BaseModel
from safetensors import SafetensorError, safe_open

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.labels import CLEAN
from mtaa.dataset.read import read_export
from mtaa.evaluation.record import Figure
from mtaa.exchange.contents import LARGEST, digests, members
from mtaa.models.store import network_fault
from mtaa.scenario.presets import parse
from mtaa.scenario.record import Scenario

LARGEST_SIDE = 1024
AGAIN = "export the checkpoint again"


class _Metrics(BaseModel):
    overall: dict[str, Figure]
    by_attack: dict[str, dict[str, Figure]]
    by_victim: dict[str, dict[str, Figure]]


def card(draft: Path) -> Card:
    """The card of a draft. Raises `InputError` where there is none, or one of another form or a newer version."""
    path = draft / cards.CARD
    if not path.is_file():
        raise InputError(f"a checkpoint must hold {cards.CARD}, got none; {AGAIN}")
    try:
        document = json.loads(path.read_bytes())
        version = document["schema_version"]
        if not isinstance(version, int):
            raise TypeError("a version is a whole number")
        if version > cards.SCHEMA_VERSION:
            raise InputError(
                f"card must have schema {cards.SCHEMA_VERSION} or older, got {version}; update mtaa to import it"
            )
        found = Card.model_validate(document)
        _Metrics.model_validate(found.metrics)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{cards.CARD} must be the card of a checkpoint, got something else; {AGAIN}") from error
    if found.images.channels not in (1, 3) or not 1 <= found.images.side <= LARGEST_SIDE:
        raise InputError(
            f"{cards.CARD} must speak of grey or colour images of at most {LARGEST_SIDE} pixels a side, got "
            f"{found.images.channels} × {found.images.side}; {AGAIN}"
        )
    cards.check_name(found.name)
    return found


def contents(found: Card, draft: Path) -> None:
    """Raises `InputError` unless each file is there, is what the card says, and fits the others."""
    there = {path.name for path in draft.iterdir()}
    wanted = set(members(found))
    if wrong := sorted(wanted - there):
        raise InputError(f"a checkpoint must hold all files its card names, got none called {wrong[0]}; {AGAIN}")
    if wrong := sorted(there - wanted):
        raise InputError(f"a checkpoint must hold only files its card names, got {wrong[0]} as well; {AGAIN}")
    for file, digest in digests(found).items():
        if files.sha256_file(draft / file) != digest:
            raise InputError(f"{file} must have the hash of its card, got another; it was changed: {AGAIN}")
    scenario = _scenario(draft / cards.SCENARIO)
    if scenario.hash != found.scenario_sha256:
        raise InputError(f"{cards.SCENARIO} must have the hash of its card, got another; it was changed: {AGAIN}")
    _labels(found, scenario)
    _pixels(found, draft / cards.TEST_SPLIT)
    if found.signatures_sha256:
        _maps(draft / cards.SIGNATURES)
    if found.estimator_sha256:
        _estimator(draft / cards.ESTIMATOR)
    if fault := network_fault(found, draft / cards.WEIGHTS):
        raise InputError(f"{cards.WEIGHTS} must be the weights of the network that the card describes; {fault}")


def _scenario(path: Path) -> Scenario:
    try:
        text = path.read_text(encoding="utf-8")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise InputError(f"{path.name} must not refer to itself, got an alias; {AGAIN}")  # they grow without end
        return parse(text, path.name)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise InputError(f"{path.name} must be a scenario, got something else; {AGAIN}") from error


def _labels(found: Card, scenario: Scenario) -> None:
    """A verdict looks up every attack's symbol, grid and interval, so each must be there."""
    spread = found.calibration.intensity
    attacks = {name for name in found.attacks if name != CLEAN}
    tables = [set(part) for part in (found.symbols, found.units, found.intensity_grids, spread.low, spread.high)]
    promised = found.calibration.conformal.limits if found.calibration.conformal else []
    tables += [set(part) for one in promised for part in (one.victim, one.low, one.high)]
    fits = (
        (found.attacks, found.victims) == (scenario.attack_labels, scenario.victim_labels)
        and all(part == attacks for part in tables)
        and all(set(one.attack) == set(found.attacks) for one in promised)
        and min(found.calibration.attack_temperature, found.calibration.victim_temperature) > 0
    )
    if not fits:
        raise InputError(f"{cards.CARD} must speak of the attacks and victims of its scenario, got others; {AGAIN}")


def _pixels(found: Card, path: Path) -> None:
    """The test split can be read, expands to what is allowed, and shows images that the network takes."""
    try:
        about = pq.read_metadata(path)
        groups = (about.row_group(place) for place in range(about.num_row_groups))
        if sum(group.total_byte_size for group in groups) > LARGEST[path.name]:
            raise InputError(f"{path.name} must expand to at most {LARGEST[path.name]:,} bytes, got more; check it")
        examples = read_export(path, found.attacks, found.victims)
        geometry = (found.images.channels, found.images.side, found.images.side)
        if examples.images.shape[1:] != geometry or not len(examples):
            raise InputError(f"{path.name} must hold images of the card's size, got {examples.images.shape}; {AGAIN}")
    except (pa.ArrowException, OSError, ValueError, KeyError, IntegrityError) as error:
        raise InputError(f"{path.name} must be a test split, got something else; {AGAIN}") from error


def _maps(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as stored:
            size = sum(entry.file_size for entry in stored.infolist())
    except zipfile.BadZipFile as error:
        raise InputError(f"{path.name} must be a map of signatures, got something else; {AGAIN}") from error
    if size > LARGEST[path.name]:
        raise InputError(f"{path.name} must expand to at most {LARGEST[path.name]:,} bytes, got {size:,}; check it")


def _estimator(path: Path) -> None:
    try:
        with safe_open(path, "np"):
            return
    except SafetensorError as error:
        raise InputError(f"{path.name} must be an estimator of perturbations, got something else; {AGAIN}") from error
