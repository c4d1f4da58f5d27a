"""An attack or a source model more for a checkpoint: what can be added, and what that will cost. Light until asked."""

from pydantic import ValidationError

from mtaa.api.scenarios import Estimate, victim_offers
from mtaa.core.errors import InputError
from mtaa.jobs import rates
from mtaa.jobs.record import Job, JobRequest
from mtaa.scenario import faults
from mtaa.scenario.growth import few_shot
from mtaa.scenario.presets import of_checkpoint
from mtaa.scenario.record import SPLITS, AttackSpec, Grid

__all__ = ["AttackSpec", "Grid", "addition", "estimate", "few_shot", "of_checkpoint", "usual_strengths"]


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
        raise InputError(f"{where}: {faults.words(fault, [])}") from error
    build(spec)
    return spec


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
