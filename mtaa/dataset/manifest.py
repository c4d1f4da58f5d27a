"""Where a scenario's examples lie, the manifest that proves them complete, and the check that they still are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel

from mtaa.core import files, paths
from mtaa.core.errors import InputError
from mtaa.dataset import plan, shards
from mtaa.images import ImageSource
from mtaa.scenario.presets import dump
from mtaa.scenario.record import SPLITS, Scenario

NAME = "manifest.json"


class Verification(BaseModel):
    """What a check found: counts of what is whole, and a sentence for each `fault`."""

    scenario: str
    data_sha256: str
    shards: int
    examples: int
    bytes: int
    faults: list[str]


def folder(scenario: Scenario) -> Path:
    """Where a scenario's examples are: its name and hash, so that an edited scenario never meets old shards."""
    return paths.datasets() / f"{scenario.name}-{scenario.hash[:12]}"


def shard_path(target: Path, shard: plan.Shard) -> Path:
    """The file of a shard in the folder `target`."""
    return target / "shards" / f"{shard.name}.parquet"


def read(scenario: Scenario) -> dict[str, Any]:
    """The manifest. Raises `InputError` where generation is not complete."""
    path = folder(scenario) / NAME
    if not path.is_file():
        raise InputError(
            f"scenario {scenario.name} must be generated first; run: mtaa generate --scenario {scenario.name}"
        )
    document: dict[str, Any] = files.read_json(path)
    return document


def complete(scenario: Scenario, source: ImageSource) -> bool:
    """Write the clean images of each split, once each, and the manifest, if every shard is there; whether it is."""
    target, planned = folder(scenario), list(plan.shards(scenario))
    if not all(shard_path(target, shard).is_file() for shard in planned):
        return False
    if (target / NAME).is_file():
        return True
    clean = []
    for split in SPLITS:
        tables = [shards.read(shard_path(target, s))[0].column("index").to_numpy() for s in planned if s.split == split]
        if not tables:
            continue
        used = np.unique(np.concatenate(tables))
        columns = {"index": pa.array(used, pa.int64()), "clean": shards.pixels_column(source.pixels(used))}
        shape = (scenario.images.channels, scenario.images.side, scenario.images.side)
        path = target / f"clean-{split}.parquet"
        shards.write(path, columns, shape, {"scenario": scenario.hash})
        clean.append({"name": path.stem, "rows": len(used), "sha256": files.sha256_file(path)})
    files.write_text(target / "scenario.yaml", dump(scenario))
    listed = [
        {"name": s.name, "rows": len(s.intensities), "sha256": files.sha256_file(shard_path(target, s))}
        for s in planned
    ]
    document = {"schema_version": 2, "scenario": scenario.hash, "clean": clean, "shards": listed}
    files.write_json(target / NAME, document | {"data_sha256": files.canonical_hash([*clean, *listed])})
    return True


def verify(scenario: Scenario) -> Verification:
    """Hold every file of a generated scenario against its manifest, and the manifest against the plan.

    Raises `InputError` where generation is not complete.
    """
    target, document = folder(scenario), read(scenario)
    planned = {shard.name: len(shard.intensities) for shard in plan.shards(scenario)}
    listed = {str(entry["name"]): int(entry["rows"]) for entry in document["shards"]}
    faults = [f"{name} is in the manifest but not in the plan" for name in sorted(listed.keys() - planned.keys())]
    faults += [f"{name} is in the plan but not in the manifest" for name in sorted(planned.keys() - listed.keys())]
    faults += [
        f"{name} must have {planned[name]} rows, its manifest says {rows}"
        for name, rows in listed.items()
        if name in planned and planned[name] != rows
    ]
    total = 0
    for entry, path in _entries(target, document):
        fault = _fault(entry, path)
        faults += [fault] if fault else []
        total += path.stat().st_size if path.is_file() else 0
    digest = files.canonical_hash([*document["clean"], *document["shards"]])
    if digest != document["data_sha256"]:
        faults.append("the manifest has another hash than it states")
    return Verification(
        scenario=scenario.name,
        data_sha256=document["data_sha256"],
        shards=len(listed),
        examples=sum(listed.values()),
        bytes=total,
        faults=faults,
    )


def _entries(target: Path, document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Path]]:
    yield from ((entry, target / f"{entry['name']}.parquet") for entry in document["clean"])
    yield from ((entry, target / "shards" / f"{entry['name']}.parquet") for entry in document["shards"])


def _fault(entry: dict[str, Any], path: Path) -> str:
    if not path.is_file():
        return f"{path.name} is missing"
    if files.sha256_file(path) != entry["sha256"]:
        return f"{path.name} has another hash than the manifest says"
    rows = pq.read_metadata(path).num_rows
    return f"{path.name} must have {entry['rows']} rows, got {rows}" if rows != entry["rows"] else ""
