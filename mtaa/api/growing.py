"""An attack or a source model more for a checkpoint: what can be added, and what that will cost. Light until asked."""

import numpy as np
from pydantic import ValidationError

from mtaa.api.scenarios import Estimate, victim_offers
from mtaa.core import card as cards
from mtaa.core.errors import InputError
from mtaa.core.growth import Labelled
from mtaa.jobs import rates
from mtaa.jobs.record import Job, JobRequest
from mtaa.scenario import faults
from mtaa.scenario.growth import few_shot
from mtaa.scenario.presets import of_checkpoint
from mtaa.scenario.record import SPLITS, AttackSpec, Grid

__all__ = [
    "AttackSpec",
    "Grid",
    "Labelled",
    "addition",
    "estimate",
    "few_shot",
    "labelled",
    "of_checkpoint",
    "usual_strengths",
]
ADVERSARIAL = "adversarial"


def usual_strengths(checkpoint: str, attack: str) -> Grid | None:
    """The grid that a known attack of the same unit has; None where there is none. Loads torch."""
    from mtaa.attacks.strengths import usual

    return usual(of_checkpoint(checkpoint), attack)


def addition(attack: str, start: float, stop: float, step: float) -> AttackSpec:
    """The attack with its own parameters at these strengths. Raises `InputError` with what is wrong. Loads torch."""
    from mtaa.attacks import build

    try:
        spec = AttackSpec(name=attack, intensities=Grid(start=start, stop=stop, step=step))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join([attack, *(str(part) for part in fault["loc"])])
        raise InputError(faults.located(where, faults.words(fault, []))) from error
    build(spec)
    return spec


def labelled(case: int, attack: str, checkpoint: str, keep: bool = False) -> Labelled:
    """The images of a case whose analyst called them adversarial last, as images of `attack`.

    With `keep` they are put where a training finds them, until it ends. Those that are among the checkpoint's own test
    images are left out. Raises `InputError` where too few are left, or where one has not the geometry of the
    checkpoint's images. Loads torch.
    """
    from mtaa.api.cases import open_store
    from mtaa.images import intake
    from mtaa.training import labelled as training

    card = cards.read(checkpoint)
    tested, store = _tested(card), open_store()
    try:
        images, hashes = [], []
        for one in store.case(case).images:
            if not one.assessments or one.assessments[-1].conclusion != ADVERSARIAL:
                continue
            try:
                pixels = intake.read(store.image(one.sha256), one.name, card.images.channels, card.images.side).pixels
            except InputError as error:
                raise InputError(f"{one.name} of case {case} must be like the checkpoint's images: {error}") from error
            if pixels.tobytes() not in tested:
                images.append(pixels)
                hashes.append(one.sha256)
    finally:
        store.close()
    shape = (0, card.images.channels, card.images.side, card.images.side)
    pixels = np.stack(images) if images else np.empty(shape, np.uint8)
    found = training.split(pixels, hashes, attack, f"case {case}")
    if keep:
        training.keep(found, pixels, hashes)
    return found


def _tested(card: cards.Card) -> set[bytes]:
    """Pixels of the checkpoint's test images. Raises `IntegrityError`."""
    from mtaa.dataset.read import read_export

    path = cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256)
    return {image.tobytes() for image in read_export(path, card.attacks, card.victims).images}


def estimate(request: JobRequest, known: list[Job]) -> Estimate:
    """What growing will cost, its time by what finished jobs among `known` took. Loads torch.

    Raises `MtaaError` where the checkpoint can't be grown so.
    """
    from mtaa.dataset.cost import cost
    from mtaa.dataset.foresight import foresee
    from mtaa.training.config import Growing
    from mtaa.training.ground import stand_on

    ground, how = stand_on(request.start, request.scenario), Growing()
    made = ground.to_make()
    found = [cost(one) for one in made]
    left = [one for one in found if not one.is_made]
    steps: dict[str, int] = {}
    for one in left:
        for victim, count in one.steps.items():
            steps[victim] = steps.get(victim, 0) + count
    train = 2 * min(how.most, ground.replay.total("train"))  # new examples are repeated to be as many as the known
    batches = (how.epochs if request.epochs is None else request.epochs) * (train // ground.training.batch)
    offers = victim_offers(request.scenario.images)
    missing = [one.name for one in offers if one.name in request.scenario.victims and not one.is_ready]
    return Estimate(
        examples={split: sum(one.examples[split] for one in found) for split in SPLITS},
        steps=steps,
        shard_bytes=sum(one.shard_bytes for one in found),
        cache_bytes=sum(one.cache_bytes for one in found),
        basis=next((one.basis for one in found if one.basis), ""),
        is_made=not left,
        missing=missing,
        terms=rates.forecast(request, missing, sum(one.work for one in left), batches, known),
        doubts=[doubt for one in made if one != ground.replay for doubt in foresee(one) if "clean class" not in doubt],
    )
