"""Attribution checkpoints on disk: a folder each, whose card is written last. Free of torch."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mtaa.core import files, paths
from mtaa.core.conformal import Conformal
from mtaa.core.errors import InputError, IntegrityError, UnknownNameError
from mtaa.core.growth import Growth
from mtaa.core.survival import Survival
from mtaa.core.units import Symbol, UnitName, unit_of

SCHEMA_VERSION = 1
WEIGHTS, CARD, SCENARIO, TEST_SPLIT = "model.safetensors", "card.json", "scenario.yaml", "test.parquet"
SIGNATURES, ESTIMATOR = "signatures.npz", "estimator.safetensors"
BUNDLED = frozenset({"mnist"})  # they come with the repository
LONGEST_NAME = 64


class Geometry(BaseModel):
    """The images a checkpoint was trained on and can judge: their source, channels, and side in pixels."""

    model_config = ConfigDict(extra="forbid")

    source: str
    channels: int
    side: int


class IntensityCalibration(BaseModel):
    """Half-widths of the central interval around the predicted intensity, by attack, at `level` coverage."""

    model_config = ConfigDict(extra="forbid")

    level: float
    low: dict[str, float]
    high: dict[str, float]


class Calibration(BaseModel):
    """Fitted on validation examples: softmax temperatures, intensity intervals, and the thresholds behind sets.

    `conformal` is None in cards of before; the intervals are then of examples whose attack is named right.
    """

    model_config = ConfigDict(extra="forbid")

    attack_temperature: float
    victim_temperature: float
    intensity: IntensityCalibration
    conformal: Conformal | None = None


class Card(BaseModel):
    """What a checkpoint is: architecture, label space, data, figures, calibration, hashes.

    By attack: `symbols` and `units` of the intensity, and `intensity_grids`, the lowest and highest learnt. By victim:
    `reachable_margins`, the C&W margin that half of the images reach: κ beyond it can hardly be told from larger ones.
    `signatures_sha256` is empty until a map of the signatures is made, `estimator_sha256` until an estimator of the
    perturbation is trained; `survival` is None until it is measured what changes of an image leave of a signature;
    `growth` is None unless it started from another checkpoint.
    """

    model_config = ConfigDict(extra="forbid")

    schema_version: int = SCHEMA_VERSION
    name: str
    description: str
    images: Geometry
    attacks: list[str]
    victims: list[str]
    symbols: dict[str, Symbol]
    units: dict[str, UnitName] = Field(
        default_factory=lambda known: {name: unit_of(symbol) for name, symbol in known.get("symbols", {}).items()}
    )
    intensity_grids: dict[str, tuple[float, float]]
    reachable_margins: dict[str, float]
    network: dict[str, Any]
    training: dict[str, Any]
    parameters: int
    flops: int
    scenario_sha256: str
    data_sha256: str
    victims_sha256: dict[str, str]
    metrics: dict[str, Any]
    calibration: Calibration
    weights_sha256: str
    test_sha256: str
    signatures_sha256: str = ""
    estimator_sha256: str = ""
    survival: Survival | None = None
    growth: Growth | None = None
    licence: str
    code_version: str

    @property
    def curves(self) -> list[dict[str, Any]]:
        """What training was like epoch by epoch, that before it was trained further included; empty if unrecorded."""
        return _curves(self.training)


def _curves(training: dict[str, Any]) -> list[dict[str, Any]]:
    earlier = _curves(training["before"]) if "before" in training else []
    return [*earlier, *({**row, "epoch": row["epoch"] + len(earlier)} for row in training.get("curves", []))]


def names() -> list[str]:
    """Checkpoints that are whole, bundled and retrained."""
    root = paths.checkpoints()
    return sorted(card.parent.name for card in root.glob(f"[!.]*/{CARD}"))


def check_name(name: str) -> None:
    """Raises `InputError` unless `name` can be that of a checkpoint; it becomes a folder beside `victims/`."""
    letters = name.replace("-", "").replace("_", "")
    if not (letters.isascii() and letters.isalnum() and len(name) <= LONGEST_NAME) or name == "victims":
        raise InputError(
            f"checkpoint name must be up to {LONGEST_NAME} letters, digits, - and _, got {name[:80]!r}; choose another"
        )


def folder(name: str) -> Path:
    """The folder of a checkpoint. Raises `UnknownNameError`; a name is never taken as a path."""
    if name not in names():
        raise UnknownNameError("checkpoint", name, names())
    return paths.checkpoints() / name


def read(name: str) -> Card:
    """The card. Raises `UnknownNameError` or `IntegrityError`."""
    try:
        return Card.model_validate(files.read_json(folder(name) / CARD))
    except ValidationError as error:
        raise IntegrityError(
            f"card of checkpoint {name} is not a card of this version; restore or retrain it"
        ) from error


def checked(name: str, file: str, digest: str, remedy: str = "restore it") -> Path:
    """The path of a checkpoint's file, after its hash was found to be the card's. Raises `IntegrityError`."""
    path = folder(name) / file
    if not path.is_file() or files.sha256_file(path) != digest:
        raise IntegrityError(f"{file} of checkpoint {name} is missing or has another hash than its card; {remedy}")
    return path


def marked(card: Card, **digests: str) -> Card:
    """The card with the hashes of files that were added, as it now stands beside them."""
    return _written(card.model_copy(update=digests))


def with_calibration(name: str, weights_sha256: str, calibration: Calibration, metrics: dict[str, Any]) -> Card:
    """The card, as it is by now, with another calibration of these weights and the figures measured with it, written.

    Raises `IntegrityError` where its weights were replaced meanwhile.
    """
    return _measured(name, weights_sha256, calibration=calibration, metrics=metrics)


def with_survival(name: str, survival: Survival) -> Card:
    """The card, as it is by now, with what was measured of its weights, written. Raises `IntegrityError` where they
    were others."""
    return _measured(name, survival.weights_sha256, survival=survival)


def _measured(name: str, weights_sha256: str, **found: Any) -> Card:
    card = read(name)
    if card.weights_sha256 != weights_sha256:
        raise IntegrityError(f"what was measured of checkpoint {name} must be of its own weights; measure it again")
    return _written(card.model_copy(update=found))


def _written(changed: Card) -> Card:
    files.write_json(folder(changed.name) / CARD, changed.model_dump(mode="json"))
    return changed
