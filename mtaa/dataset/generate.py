"""Generation of a scenario's examples: every missing shard is made, whole, by one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mtaa.core.errors import InputError
from mtaa.core.progress import Progress, Silent
from mtaa.dataset import manifest, parallel, plan
from mtaa.dataset.workshop import Workshop
from mtaa.images import open_source
from mtaa.scenario.record import Scenario


def generate(
    scenario: Scenario,
    victims: list[str] | None = None,
    device: str = "auto",
    progress: Progress | None = None,
    workers: int = 1,
) -> Path:
    """Make every missing shard, then the manifest, and return the folder.

    `victims` limits the work to some of the scenario's. `workers` processes of one thread each share it on the CPU,
    where they are faster than one process of many threads. Safe to interrupt and to repeat at any moment, and to run
    any number of times at once over one folder: no shard is made twice, and the last to finish writes the manifest.
    """
    plan.check(scenario)
    if strange := set(victims or []) - set(scenario.victims):
        raise InputError(f"victims must be the scenario's ({', '.join(scenario.victims)}), got {', '.join(strange)}")
    progress, target = progress or Silent(), manifest.folder(scenario)
    mine = [shard for shard in plan.shards(scenario) if not victims or shard.victim in victims]
    missing = [shard for shard in mine if not manifest.shard_path(target, shard).is_file()]
    total = sum(shard.work for shard in mine)
    progress.start("adversarial examples", total, "gradient steps", done=total - sum(shard.work for shard in missing))
    if workers > 1 and len(missing) > 1:
        parallel.share(make, (scenario, missing, device), min(workers, len(missing)), progress)
    else:
        make(scenario, missing, device, progress)
    progress.finish()
    manifest.complete(scenario, open_source(scenario.images))
    return target


def make(scenario: Scenario, shards: list[plan.Shard], device: str, progress: Progress) -> None:
    """Make those of `shards` that nobody has made, and nobody else is making."""
    target = manifest.folder(scenario)
    source, workshop = open_source(scenario.images), Workshop(scenario, device)
    for shard in shards:
        progress.raise_if_cancelled()
        path = manifest.shard_path(target, shard)
        with _claim(path) as is_mine:
            if is_mine:
                workshop.make(shard, source, path)
                progress.advance(shard.work, shard.name)


@contextmanager
def _claim(path: Path) -> Iterator[bool]:
    """Whether the shard `path` is to be made here. The claim ends with the process, even by `kill -9`."""
    if path.is_file():
        yield False
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    claim = path.with_name(f".{path.stem}.claim")
    try:
        with FileLock(claim, blocking=False):
            yield not path.is_file()  # it may have been finished between the first look and the claim
    except Timeout:
        yield False
        return
    if path.is_file():
        claim.unlink(missing_ok=True)
