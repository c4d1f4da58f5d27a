"""What there is to choose from: checkpoints with their cards, samples with their truth. Free of torch."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.card import Card
from mtaa.core.errors import IntegrityError
from mtaa.core.units import Symbol, UnitName, unit_of


class Sample(BaseModel):
    """A bundled image and what is true of it. `intensity` is in `unit`, 0 where clean; `original` is the file of the
    clean image it was made from, empty where that is not bundled."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    sha256: str
    attack: str
    victim: str
    intensity: float
    symbol: Symbol
    unit: UnitName = Field(default_factory=lambda known: unit_of(known.get("symbol", "")))
    source: str
    original: str = ""
    original_sha256: str = ""


def checkpoint_names() -> list[str]:
    """Checkpoints that are whole."""
    return cards.names()


def card(name: str) -> Card:
    """A checkpoint's card. Raises `UnknownNameError` or `IntegrityError`."""
    return cards.read(name)


def samples() -> list[Sample]:
    """The bundled samples; none where there is no manifest. Raises `IntegrityError` where it can't be read."""
    manifest = paths.assets() / "samples" / "manifest.json"
    if not manifest.is_file():
        return []
    try:
        return [Sample.model_validate(entry) for entry in files.read_json(manifest)["samples"]]
    except (KeyError, TypeError, ValidationError) as error:
        raise IntegrityError(
            f"{manifest.name} of the samples is not one of this version; make the samples anew"
        ) from error


def read_sample(sample: Sample) -> bytes:
    """The bytes of a sample. Raises `IntegrityError` where they are not those of the manifest."""
    return _read(sample.file, sample.sha256)


def read_original(sample: Sample) -> bytes | None:
    """The bytes of its clean original; None where that is not bundled. Raises `IntegrityError` as `read_sample`."""
    return _read(sample.original, sample.original_sha256) if sample.original else None


def _read(name: str, digest: str) -> bytes:
    path = paths.assets() / "samples" / name
    content = path.read_bytes() if path.is_file() else b""
    if files.sha256_bytes(content) != digest:
        raise IntegrityError(f"sample {name} has another hash than its manifest; make the samples anew")
    return content
