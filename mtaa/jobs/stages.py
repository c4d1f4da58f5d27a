"""What each stage does, in a process of its own. Any of them may be cut off at any moment and is then done again."""

import os
import shutil
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core import files, paths
from mtaa.core.errors import InputError
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.telling import Telling
from mtaa.scenario.presets import dump
from mtaa.scenario.record import Scenario


def validate(folder: JobFolder, telling: Telling, argument: str, part: int) -> dict[str, Any]:
    """Check all names, data and the device, and say which victims are missing."""
    from mtaa.dataset import plan
    from mtaa.images import open_source
    from mtaa.jobs import fitting
    from mtaa.victims import read_card

    request = folder.request()
    plan.check(request.scenario)
    ground = fitting.ground(folder)
    devices.pick(request.device)
    taken = paths.checkpoints() / request.checkpoint
    if taken.exists() and not request.replace:
        raise InputError(f"checkpoint name must be new, got {request.checkpoint}; move that one, or clone the job")
    open_source(request.scenario.images)
    for scenario in fitting.to_make(request, ground):
        _mend(scenario, telling)
    missing = []
    for name in request.scenario.victims:
        try:
            ready = bool(read_card(request.scenario.images, name).reach)
        except InputError:
            ready = False
        missing += [] if ready else [name]
    return {"victims": missing}


def victims(folder: JobFolder, telling: Telling, argument: str, part: int) -> NoReturn:
    """Train the victim `argument` where it is missing, then hand over to the command that measures its reach."""
    from mtaa.images import open_source
    from mtaa.victims import read_card
    from mtaa.victims.train import train as train_victim

    request = folder.request()
    try:
        read_card(request.scenario.images, argument)
    except InputError:
        train_victim(open_source(request.scenario.images), argument, request.seed, request.device, telling)
    telling.start(f"measuring the reach of {argument}", 0, "")
    scenario = folder.path / "scenario.yaml"
    files.write_text(scenario, dump(request.scenario))
    _become("victims", "reach", "--scenario", str(scenario), "--victim", argument, "--seed", str(request.seed))


def generate(folder: JobFolder, telling: Telling, argument: str, part: int) -> None:
    """Make shards beside all others that do: claims share them out. On a GPU one process a worker is enough."""
    from mtaa.dataset.generate import generate as make_all
    from mtaa.dataset.shards import BrokenError
    from mtaa.jobs import fitting

    request = folder.request()
    if part == 0 or devices.pick(request.device).type == "cpu":
        for scenario in fitting.to_make(request, fitting.ground(folder)):
            try:
                make_all(scenario, device=request.device, progress=telling)
            except BrokenError:  # a shard that was whole when it was made; seen once the manifest is written
                _mend(scenario, telling)
                make_all(scenario, device=request.device, progress=telling)


def train(folder: JobFolder, telling: Telling, argument: str, part: int) -> None:
    """Fit the network, going on after the last whole epoch."""
    from mtaa.dataset.generate import generate as make_all
    from mtaa.jobs import fitting
    from mtaa.models.store import save_network

    request = folder.request()
    ground = fitting.ground(folder)
    for scenario in fitting.to_make(request, ground):  # what is left where the claimant of a shard died, or what broke
        _mend(scenario, telling)
        make_all(scenario, device=request.device, progress=telling)
    fitted = fitting.fitted(request, ground, folder.training, telling)
    with files.atomic(folder.network) as temporary:
        save_network(fitted.network, temporary)


def evaluate(folder: JobFolder, telling: Telling, argument: str, part: int) -> dict[str, Any]:
    """Calibrate, measure, and put the checkpoint together in the job's folder; what was measured overall."""
    from mtaa.evaluation.forgetting import Origin
    from mtaa.evaluation.publish import prepare
    from mtaa.jobs import fitting
    from mtaa.models.store import read_network

    request = folder.request()
    ground = fitting.ground(folder)
    scenario, config = fitting.wanted(request, ground)
    telling.start("calibrating and measuring", 0, "")
    counts, images = (len(scenario.attack_labels), len(scenario.victim_labels)), scenario.images
    network = read_network(folder.network, config, *counts, images.channels, images.side)
    parts = fitting.parts(request, ground)
    how = {**fitting.described(request, ground, parts), "curves": folder.curves(), "job": folder.path.name}
    card = prepare(
        folder.checkpoint / request.checkpoint,
        request.checkpoint,
        request.description or fitting.words(request),
        scenario,
        network,
        how,
        parts.validation,
        parts.test,
        Origin(ground, parts) if ground else None,
    )
    return dict(card.metrics["overall"])


def map_signatures(folder: JobFolder, telling: Telling, argument: str, part: int) -> NoReturn:
    """Hand over to the command that maps a checkpoint, with the job's folder as the folder of checkpoints."""
    request = folder.request()
    telling.start("mapping signatures", 0, "")
    os.environ["MTAA_CHECKPOINTS"] = str(folder.checkpoint)
    _become("map", "--checkpoint", request.checkpoint, "--seed", str(request.seed), "--device", request.device)


def register(folder: JobFolder, telling: Telling, argument: str, part: int) -> dict[str, str]:
    """Give the checkpoint its place beside the others, once, and write its evaluation record."""
    from mtaa.evaluation.evaluate import evaluate as evaluate_checkpoint
    from mtaa.evaluation.publish import register as give_place
    from mtaa.training.labelled import drop

    request, job = folder.request(), folder.path.name
    name = request.checkpoint
    telling.start("registering", 0, "")
    if name not in cards.names() or cards.read(name).training.get("job") != job:
        draft = (paths.checkpoints() / f".{name}.{job}").absolute()
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(folder.checkpoint / name, draft)
        give_place(draft, name, request.replace)
    evaluate_checkpoint(name)
    for done in (folder.checkpoint, folder.scratch):
        shutil.rmtree(done, ignore_errors=True)
    drop(request.labelled)
    for weights in (folder.network, *folder.training.glob("*.ckpt"), *folder.training.glob("*.safetensors")):
        weights.unlink(missing_ok=True)
    return {"checkpoint": name}


DOING: dict[str, Callable[[JobFolder, Telling, str, int], Any]] = {
    "validate": validate,
    "victims": victims,
    "generate": generate,
    "train": train,
    "evaluate": evaluate,
    "map": map_signatures,
    "register": register,
}


def _mend(scenario: Scenario, telling: Telling) -> None:
    from mtaa.dataset.mend import mend

    for said in mend(scenario, telling):
        print(said, file=sys.stderr, flush=True)


def _become(*arguments: str) -> NoReturn:
    """Turn this process into a command of mtaa; it keeps its parent, and dies with it."""
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "mtaa.cli", *arguments])
