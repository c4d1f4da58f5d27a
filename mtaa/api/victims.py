"""Models that somebody brings as source models. Light at import; checking one loads torch."""

from importlib.util import find_spec

from pydantic import BaseModel, ConfigDict

from mtaa.scenario.record import ImagesSpec, Scenario

__all__ = ["Outcome", "Own", "architectures", "bring", "own", "pinned", "reads_onnx", "remove"]


class Outcome(BaseModel):
    """What became of a model: its share of right answers on so many test images, or the `part` that is at fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    accuracy: float = 0.0
    images: int = 0
    weights_sha256: str = ""
    part: str = ""
    fault: str = ""


class Own(BaseModel):
    """A model that somebody brought. `needed_by`: what needs it, in words; as long as something does, it stays."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    architecture: str
    accuracy: float
    weights_sha256: str
    needed_by: list[str]


def own(images: ImagesSpec) -> list[Own]:
    """The models brought for these images. Loads torch. Raises `MtaaError` where the job database can't be read."""
    from mtaa.jobs.needing import needed_by
    from mtaa.victims import own_names, read_card

    found = [read_card(images, name) for name in own_names(images)]
    return [
        Own(
            name=card.name,
            architecture=card.architecture,
            accuracy=card.accuracy,
            weights_sha256=card.weights_sha256,
            needed_by=needed_by(card),
        )
        for card in found
    ]


def remove(name: str, source: str, who: str = "") -> None:
    """Remove the model of that name for images of `source`. Raises `InputError` where something needs it."""
    from mtaa.jobs.needing import remove_victim

    remove_victim(name, source, who)


def pinned(scenario: Scenario) -> Scenario:
    """The scenario with the weights of the models in it that somebody brought. Loads torch. Raises `InputError`."""
    from mtaa.victims import pinned as with_weights

    return with_weights(scenario)


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
