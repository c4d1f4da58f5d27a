"""What there is to choose from: checkpoints with their cards, samples with their truth. Free of torch."""

from pydantic import BaseModel, ConfigDict, ValidationError

from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.card import Card
from mtaa.core.errors import IntegrityError


class Sample(BaseModel):
    """A bundled image and what is true of it. `intensity` is in grey levels (ε) or logits (κ), 0 where clean."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    sha256: str
    attack: str
    victim: str
    intensity: float
    symbol: str
    source: str


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
    path = paths.assets() / "samples" / sample.file
    content = path.read_bytes() if path.is_file() else b""
    if files.sha256_bytes(content) != sample.sha256:
        raise IntegrityError(f"sample {sample.file} has another hash than its manifest; make the samples anew")
    return content
