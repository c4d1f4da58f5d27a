"""What a job trains: a network from scratch, one that starts from a checkpoint, or a checkpoint with more labels."""

from pathlib import Path
from typing import Any

from mtaa.core import device as devices
from mtaa.core import files
from mtaa.core.progress import Progress
from mtaa.core.titles import title
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import JobRequest
from mtaa.models.config import NetworkConfig, preset
from mtaa.scenario import growth
from mtaa.scenario.presets import dump, of_checkpoint, parse
from mtaa.scenario.record import Scenario
from mtaa.training.config import Growing, TrainingConfig, default
from mtaa.training.fit import Fitted, fit
from mtaa.training.ground import Ground, Parts, stand_on, whole
from mtaa.training.grow import described as grown
from mtaa.training.grow import grow, warm


def ground(folder: JobFolder) -> Ground | None:
    """The checkpoint that the job starts from, if any. Raises `InputError` where it can't, or no such network is.

    What is replayed is decided once: other examples may be finished, or deleted, while the job is at work.
    """
    request = folder.request()
    network = preset(request.network)
    if not request.start:
        return None
    decided = parse(folder.replay.read_text(encoding="utf-8")) if folder.replay.is_file() else None
    found = stand_on(request.start, request.scenario, None if request.shots else network, decided)
    if decided is None:
        files.write_text(folder.replay, dump(found.replay))
    return found


def wanted(request: JobRequest, base: Ground | None) -> tuple[Scenario, NetworkConfig]:
    """What the checkpoint is to know, and what its network is made of."""
    return (base.wanted, base.network) if base else (request.scenario, preset(request.network))


def to_make(request: JobRequest, base: Ground | None) -> list[Scenario]:
    """The scenarios whose examples the job needs."""
    return base.to_make() if base and request.shots else [request.scenario]


def parts(request: JobRequest, base: Ground | None) -> Parts:
    """The examples, all of which must be made."""
    if base and request.shots:
        few = base.few(request.shots, _growing(request).most, request.seed)
        return base.with_labelled(few, request.labelled)
    return whole(request.scenario, base)


def fitted(request: JobRequest, base: Ground | None, folder: Path, progress: Progress) -> Fitted:
    """The trained network; what an earlier attempt left in `folder` is gone on with."""
    made = parts(request, base)
    if base and request.shots:
        place = devices.pick(request.device)
        return grow(base, made, _growing(request), folder, resume=True, device=place, progress=progress)
    scenario, network = wanted(request, base)
    return fit(
        network,
        _training(request),
        made.fresh,
        made.validation,
        (scenario.attack_labels, scenario.victim_labels),
        folder,
        resume=True,
        progress=progress,
        start=warm(base, made.fresh) if base else None,
    )


def described(request: JobRequest, base: Ground | None, made: Parts) -> dict[str, Any]:
    """How the network was trained, for its card."""
    if base and request.shots:
        return grown(base, made, _growing(request))
    how = {"network": request.network, "examples": len(made.fresh)} | ({"start": request.start} if base else {})
    return {**_training(request).model_dump(mode="json"), **how}


def words(request: JobRequest) -> str:
    """What the checkpoint is, in a sentence for its card."""
    if request.start and request.shots:
        attacks, victims = growth.new(of_checkpoint(request.start), request.scenario)
        return f"{request.start} with {' and '.join(title(name) for name in (*attacks, *victims))} added"
    start = f", from {request.start}" if request.start else ""
    return f"{request.network} on scenario {request.scenario.name}{start}"


def _training(request: JobRequest) -> TrainingConfig:
    return default(request.network).model_copy(update=_changes(request))


def _growing(request: JobRequest) -> Growing:
    return Growing().model_copy(update=_changes(request))


def _changes(request: JobRequest) -> dict[str, int]:
    return {"seed": request.seed, **({"epochs": request.epochs} if request.epochs else {})}
