"""Models that somebody brings as source models. Light at import; checking one loads torch."""

from importlib.util import find_spec

from pydantic import BaseModel, ConfigDict

from mtaa.scenario.record import ImagesSpec

__all__ = ["Outcome", "architectures", "bring", "reads_onnx"]


class Outcome(BaseModel):
    """What became of a model: its share of right answers on so many test images, or the `part` that is at fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    accuracy: float = 0.0
    images: int = 0
    weights_sha256: str = ""
    part: str = ""
    fault: str = ""


def architectures() -> list[str]:
    """What weights may be of. Loads torch."""
    from mtaa.victims.weights import names

    return names()


def reads_onnx() -> bool:
    """Whether the packages that read ONNX are installed."""
    return all(find_spec(name) is not None for name in ("onnx", "onnx2pytorch"))


def bring(
    name: str, data: bytes, images: ImagesSpec, architecture: str, side: int | None, mean: str, std: str
) -> Outcome:
    """Check a model on these images, and keep it as a victim of that name. `mean` and `std`: numbers with commas.

    Loads torch. Raises `MtaaError` where the images are not here.
    """
    from mtaa.images import open_source
    from mtaa.victims import own
    from mtaa.victims.refused import Refused

    try:
        given = own.Given(architecture, side, own.numbers("mean", mean), own.numbers("std", std))
        card = own.add(name, data, open_source(images), given)
    except Refused as refused:
        return Outcome(name=name, part=refused.part, fault=str(refused))
    return Outcome(name=name, accuracy=card.accuracy, images=card.test_images, weights_sha256=card.weights_sha256)
