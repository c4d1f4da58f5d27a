"""Removing what is not what was generated, so that `generate` makes it again."""

from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.progress import Progress, Silent
from mtaa.dataset import manifest, plan, shards
from mtaa.dataset.store import Store
from mtaa.scenario.record import Scenario

AGAIN = "it was removed and is made again"


def mend(scenario: Scenario, progress: Progress | None = None) -> list[str]:
    """Remove every broken file of a scenario, and say of each in a sentence what was wrong with it.

    Where there is a manifest, each file is held against the hash in it, and the manifest goes too, to be written anew.
    Where generation is not complete, no hash is known yet: a shard must be readable and have its rows. A seed makes the
    same shard again, so that nothing is lost but time.
    """
    plan.check(scenario)
    progress, store = progress or Silent(), manifest.store(scenario)
    try:
        document = manifest.as_written(scenario)
        said = [f"{fault}; {AGAIN}" for fault in manifest.faults_of(scenario, document)]
        others = manifest.strangers(scenario, document)
    except InputError:
        return _unreadable(scenario, store, progress)
    except (IntegrityError, KeyError, TypeError) as error:  # it is no JSON, or none of ours
        store.drop(manifest.NAME)
        return [
            f"{manifest.NAME} must be a whole manifest, got one that is not ({error}); {AGAIN}",
            *_unreadable(scenario, store, progress),
        ]
    said += [f"{fault}; they were removed and are made again" for fault in others.values()]
    strange = {manifest.file_of(shard) for shard in plan.shards(scenario) if shard.victim in others}
    for name in strange:
        store.drop(name)
    entries = [(entry, name) for entry, name in manifest.entries(document) if name not in strange]
    progress.start("checking examples", len(entries), "files")
    for entry, name in entries:
        progress.raise_if_cancelled()
        fault, _ = manifest.held(store, entry, name)
        if fault:
            store.drop(name)
            said.append(f"{fault}; {AGAIN}")
        progress.advance()
    progress.finish()
    if said:
        store.drop(manifest.NAME)  # last: until then it tells what else is broken
    return said


def _unreadable(scenario: Scenario, store: Store, progress: Progress) -> list[str]:
    """Shards without a manifest. An object store takes a file whole or not at all, and none is fetched to look."""
    if store.leases:
        return []
    said, made, here = [], store.names(manifest.SHARDS), manifest.weights_here(scenario)
    there = [shard for shard in plan.shards(scenario) if manifest.file_of(shard) in made]
    for shard in there:
        progress.raise_if_cancelled()
        with store.fetched(manifest.file_of(shard)) as path:
            try:
                table, _ = shards.read(path)
                fault = "" if len(table) == len(shard.intensities) else f"{path.name} has {len(table)} rows"
                known = shards.weights(table)
                if known and known != here.get(shard.victim, known):
                    fault = f"{path.name} was made on another {shard.victim} ({known[:12]})"
            except shards.BrokenError as error:
                fault = str(error)
        if fault:
            store.drop(manifest.file_of(shard))
            said.append(f"{fault}; {AGAIN}")
    return said
