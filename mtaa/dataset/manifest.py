"""Where a scenario's examples lie, the manifest that proves them complete, and the check that they still are."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel

from mtaa.core import files, paths
from mtaa.core.errors import InputError
from mtaa.dataset import plan, shards
from mtaa.dataset.store import Store, open_store
from mtaa.images import ImageSource
from mtaa.scenario.presets import dump
from mtaa.scenario.record import SPLITS, Scenario, Split
from mtaa.victims import pinned, read_card

NAME, SHARDS = "manifest.json", "shards"
ANEW = "run mtaa generate again, which makes those anew, or bring that model back"


class Verification(BaseModel):
    """What a check found in `place`: counts of what is whole, and a sentence for each fault."""

    scenario: str
    place: str
    data_sha256: str
    shards: int
    examples: int
    bytes: int
    faults: list[str]


def folder(scenario: Scenario) -> Path:
    """What this machine keeps of a scenario: named by its hash, so that an edited scenario never meets old shards.

    Raises `InputError` where it names other weights of an own victim than are here.
    """
    return paths.datasets() / f"{scenario.name}-{pinned(scenario).hash[:12]}"


def store(scenario: Scenario) -> Store:
    """Where a scenario's examples lie: in that folder, or under its name in `MTAA_STORE`."""
    return open_store(paths.store(), folder(scenario).name)


def file_of(shard: plan.Shard) -> str:
    """A shard's name in the store."""
    return f"{SHARDS}/{shard.name}.parquet"


def read(scenario: Scenario) -> dict[str, Any]:
    """The manifest. Raises `InputError` where generation is not complete, or was with other source models."""
    document = as_written(scenario)
    for fault in strangers(scenario, document).values():
        raise InputError(f"{fault}; {ANEW}")
    return document


def as_written(scenario: Scenario) -> dict[str, Any]:
    """The manifest, whatever source models are here. Raises `InputError` where generation is not complete."""
    place = store(scenario)
    if not place.exists(NAME):
        raise InputError(
            f"scenario {scenario.name} must be generated first; run: mtaa generate --scenario {scenario.name}"
        )
    with place.fetched(NAME) as path:
        document: dict[str, Any] = files.read_json(path)
    return document


def strangers(scenario: Scenario, document: dict[str, Any]) -> dict[str, str]:
    """By source model that is here and has other weights than that of the examples: a sentence on it.

    Of examples from before that was kept nothing is said.
    """
    here, then = weights_here(scenario), document.get("victims", {})
    return {
        name: f"examples of source model {name} were made on other weights ({then[name][:12]}) than it has now "
        f"({digest[:12]})"
        for name, digest in here.items()
        if then.get(name, digest) != digest
    }


def weights_here(scenario: Scenario) -> dict[str, str]:
    """SHA-256 of the weights of each of its source models that is on this machine."""
    found = {}
    for name in scenario.victims:
        with suppress(InputError):
            found[name] = read_card(scenario.images, name).weights_sha256
    return found


def is_ready(scenario: Scenario, place: Store) -> bool:
    """Whether every shard is there, so that `complete` may be called."""
    return {file_of(shard) for shard in plan.shards(scenario)} <= place.names(SHARDS)


def complete(scenario: Scenario, place: Store, source: ImageSource) -> None:
    """Write the clean images of each split, once each, then the manifest. Every shard must be there."""
    used = {split: np.zeros(len(source), bool) for split in SPLITS}
    listed, made_on = [], dict[str, str]()
    for shard in plan.shards(scenario):
        with place.fetched(file_of(shard)) as path:
            table, _ = shards.read(path, ["index"])
            used[shard.split][table.column("index").to_numpy()] = True
            known = shards.weights(table)
            if known and made_on.setdefault(shard.victim, known) != known:
                raise InputError(
                    f"examples of source model {shard.victim} were made on two models of this name; {ANEW}"
                )
            listed.append({"name": shard.name, "rows": len(shard.intensities), "sha256": files.sha256_file(path)})
    clean = [_write_clean(scenario, place, source, split, np.flatnonzero(used[split])) for split in SPLITS]
    clean = [entry for entry in clean if entry["rows"]]
    with place.written("scenario.yaml") as path:
        files.write_text(path, dump(pinned(scenario)))
    document = {"schema_version": 2, "scenario": pinned(scenario).hash, "clean": clean, "shards": listed}
    document |= {"victims": made_on} if made_on else {}
    with place.written(NAME) as path:
        files.write_json(path, document | {"data_sha256": files.canonical_hash([*clean, *listed])})


def _write_clean(
    scenario: Scenario, place: Store, source: ImageSource, split: Split, used: np.ndarray
) -> dict[str, Any]:
    shape = (scenario.images.channels, scenario.images.side, scenario.images.side)
    name, step = f"clean-{split}", shards.rows_a_part(shape)
    if not len(used):
        return {"name": name, "rows": 0}
    parts = (used[start : start + step] for start in range(0, len(used), step))
    columns = ({"index": pa.array(i, pa.int64()), "clean": shards.pixels_column(source.pixels(i))} for i in parts)
    with place.written(f"{name}.parquet") as path:
        shards.write_parts(path, columns, shape, {"scenario": pinned(scenario).hash})
        return {"name": name, "rows": len(used), "sha256": files.sha256_file(path)}


def verify(scenario: Scenario) -> Verification:
    """Hold every file of a generated scenario against its manifest, and the manifest against the plan.

    Raises `InputError` where generation is not complete.
    """
    place, document = store(scenario), as_written(scenario)
    faults, total = [*strangers(scenario, document).values()], 0
    for entry, name in entries(document):
        fault, size = held(place, entry, name)
        faults += [fault] if fault else []
        total += size
    faults = [*faults_of(scenario, document), *faults]
    return Verification(
        scenario=scenario.name,
        place=place.place,
        data_sha256=document["data_sha256"],
        shards=len(document["shards"]),
        examples=sum(entry["rows"] for entry in document["shards"]),
        bytes=total,
        faults=faults,
    )


def faults_of(scenario: Scenario, document: dict[str, Any]) -> list[str]:
    """What is wrong with the manifest itself, a sentence each."""
    planned = {shard.name: len(shard.intensities) for shard in plan.shards(scenario)}
    listed = {str(entry["name"]): int(entry["rows"]) for entry in document["shards"]}
    faults = [f"{name} is in the manifest but not in the plan" for name in sorted(listed.keys() - planned.keys())]
    faults += [f"{name} is in the plan but not in the manifest" for name in sorted(planned.keys() - listed.keys())]
    faults += [
        f"{name} must have {planned[name]} rows, its manifest says {rows}"
        for name, rows in listed.items()
        if name in planned and planned[name] != rows
    ]
    if files.canonical_hash([*document["clean"], *document["shards"]]) != document["data_sha256"]:
        faults.append("the manifest has another hash than it states")
    return faults


def entries(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """What a manifest lists: each file's entry, and its name in the store."""
    yield from ((entry, f"{entry['name']}.parquet") for entry in document["clean"])
    yield from ((entry, f"{SHARDS}/{entry['name']}.parquet") for entry in document["shards"])


def held(place: Store, entry: dict[str, Any], name: str) -> tuple[str, int]:
    """What is wrong with a file, if anything, and its size (bytes)."""
    if not place.exists(name):
        return f"{PurePosixPath(name).name} is missing", 0
    with place.fetched(name) as path:
        size = path.stat().st_size
        if files.sha256_file(path) != entry["sha256"]:
            return f"{path.name} has another hash than the manifest says", size
        rows = pq.read_metadata(path).num_rows
        return (f"{path.name} must have {entry['rows']} rows, got {rows}" if rows != entry["rows"] else ""), size
