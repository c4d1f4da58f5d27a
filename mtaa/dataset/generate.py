"""Generation of a scenario's examples: every missing shard is made, whole, by one process at a time."""

import time
from collections.abc import Callable
from contextlib import ExitStack

from mtaa.core import memory
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
    if store.exists(manifest.NAME):
        manifest.read(scenario)
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
        source = open_source(scenario.images)
        _each_once(store, [[manifest.NAME]], lambda _: manifest.complete(scenario, store, source), progress, stay=True)
    return store


def make(scenario: Scenario, shards: list[plan.Shard], device: str, progress: Progress) -> None:
    """Make those of `shards` that nobody has made, and nobody else is making."""
    if shards:
        memory.keep_pages()
    store, by_file = manifest.store(scenario), {manifest.file_of(shard): shard for shard in shards}
    source, workshop = open_source(scenario.images), Workshop(scenario, device)

    def made(files: list[str]) -> None:
        with ExitStack() as stack:
            paths = [stack.enter_context(store.written(name)) for name in files]
            workshop.make([by_file[name] for name in files], source, paths)
        for name in files:
            progress.advance(by_file[name].work, by_file[name].name)

    lots = [[manifest.file_of(shard) for shard in lot] for lot in workshop.lots(shards)]
    # A file lock ends with its owner, so the next run finds the shard free. A lease outlives its owner for a while, and
    # the last to leave must see it run out.
    _each_once(store, lots, made, progress, stay=store.leases)


def _each_once(
    store: Store, lots: list[list[str]], make: Callable[[list[str]], None], progress: Progress, stay: bool
) -> None:
    """Make each file that is missing and not claimed, those of a lot together; with `stay`, wait until those of others
    are made too."""
    left = lots
    while left:
        for lot in left:
            progress.raise_if_cancelled()
            with ExitStack() as claims:
                mine = [name for name in lot if claims.enter_context(store.claim(name))]
                if mine:
                    make(mine)
        left = [lot for lot in left if stay and not all(map(store.exists, lot))]
        if left:
            time.sleep(LOOK_SECONDS)
