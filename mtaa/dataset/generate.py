"""Generation of a scenario's examples: every missing shard is made, whole, by one process at a time."""

import time
from collections.abc import Callable, Mapping
from functools import partial

from mtaa.core.errors import InputError
from mtaa.core.progress import Progress, Silent
from mtaa.dataset import manifest, parallel, plan
from mtaa.dataset.store import Store
from mtaa.dataset.workshop import Workshop
from mtaa.images import open_source
from mtaa.scenario.record import Scenario

LOOK_SECONDS = 1.0


def generate(
    scenario: Scenario,
    victims: list[str] | None = None,
    device: str = "auto",
    progress: Progress | None = None,
    workers: int = 1,
) -> Store:
    """Make every missing shard, then the manifest, and return where they are.

    `victims` limits the work to some of the scenario's. `workers` processes of one thread each share it on the CPU,
    where they are faster than one process of many threads. Safe to interrupt and to repeat at any moment, and to run
    any number of times at once over one store: no shard is made twice, and the last to finish writes the manifest.
    """
    plan.check(scenario)
    if strange := set(victims or []) - set(scenario.victims):
        raise InputError(f"victims must be the scenario's ({', '.join(scenario.victims)}), got {', '.join(strange)}")
    progress, store = progress or Silent(), manifest.store(scenario)
    mine = [shard for shard in plan.shards(scenario) if not victims or shard.victim in victims]
    made = store.names(manifest.SHARDS)
    missing = [shard for shard in mine if manifest.file_of(shard) not in made]
    total = sum(shard.work for shard in mine)
    progress.start("adversarial examples", total, "gradient steps", done=total - sum(shard.work for shard in missing))
    if workers > 1 and len(missing) > 1 and store.shared:
        parallel.share(make, (scenario, missing, device), min(workers, len(missing)), progress)
    else:
        make(scenario, missing, device, progress)
    progress.finish()
    if manifest.is_ready(scenario, store):
        work = {manifest.NAME: lambda: manifest.complete(scenario, store, open_source(scenario.images))}
        _each_once(store, work, progress, stay=True)
    return store


def make(scenario: Scenario, shards: list[plan.Shard], device: str, progress: Progress) -> None:
    """Make those of `shards` that nobody has made, and nobody else is making."""
    store = manifest.store(scenario)
    source, workshop = open_source(scenario.images), Workshop(scenario, device)

    def made(shard: plan.Shard) -> None:
        with store.written(manifest.file_of(shard)) as path:
            workshop.make(shard, source, path)
        progress.advance(shard.work, shard.name)

    work = {manifest.file_of(shard): partial(made, shard) for shard in shards}
    # A file lock ends with its owner, so the next run finds the shard free. A lease outlives its owner for a while, and
    # the last to leave must see it run out.
    _each_once(store, work, progress, stay=store.leases)


def _each_once(store: Store, work: Mapping[str, Callable[[], None]], progress: Progress, stay: bool) -> None:
    """Make each file that is missing and not claimed; with `stay`, wait until those of others are made too."""
    left = list(work)
    while left:
        for name in left:
            progress.raise_if_cancelled()
            with store.claim(name) as is_mine:
                if is_mine:
                    work[name]()
        left = [name for name in left if stay and not store.exists(name)]
        if left:
            time.sleep(LOOK_SECONDS)
